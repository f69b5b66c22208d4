namespace GpuPlatform.Collector;

/// <summary>How the runtime treats sockets that have something to say.</summary>
internal static class SocketTuning
{
    private const string InlineCompletions = "DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS";

    /// <summary>
    /// Lets what waits for a socket go on at once on the thread that was told of it, instead of waking a second one: that second waking was four fifths of
    /// what a token in the proxy cost. To be called before the first socket.
    /// </summary>
    /// <remarks>
    /// The rule that follows for the whole process: behind an <c>await</c> of a socket, or of whatever ends with one, nothing may block, touch a disk or
    /// compute for longer than a millisecond, since the thread is one of the few that all streams are told on. What must do so steps aside first, with
    /// <c>await Task.Yield()</c> or <see cref="ConfigureAwaitOptions.ForceYielding"/>; what loops without ever waiting steps aside now and then. The runtime
    /// knows no other way to ask for this than the variable, which the host's owner may have set otherwise.
    /// </remarks>
    public static void Apply()
    {
        if (Environment.GetEnvironmentVariable(InlineCompletions) is null) Environment.SetEnvironmentVariable(InlineCompletions, "1");
    }
}
