namespace GpuPlatform.Collector;

/// <summary>How the runtime treats sockets that have something to say.</summary>
internal static class SocketTuning
{
    private const string InlineCompletions = "DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS";
    private const string ThreadCount = "DOTNET_SYSTEM_NET_SOCKETS_THREAD_COUNT";

    /// <summary>
    /// Lets what waits for a socket go on at once on the thread that was told of it, instead of waking a second one: that second waking was four fifths of
    /// what a token in the proxy cost. And has one thread told of all sockets, not one a core: it takes the tokens of many streams in one go, where several
    /// threads would each wake for one. To be called before the first socket.
    /// </summary>
    /// <remarks>
    /// The rule that follows for the whole process: behind an <c>await</c> of a socket, or of whatever ends with one, nothing may block, touch a disk or
    /// compute for longer than a millisecond, since the thread is the one that all streams are told on. What must do so steps aside first, with
    /// <c>await Task.Yield()</c> or <see cref="ConfigureAwaitOptions.ForceYielding"/>; what loops without ever waiting steps aside now and then. The runtime
    /// knows no other way to ask for this than the variables, which the host's owner may have set otherwise.
    /// </remarks>
    public static void Apply()
    {
        SetUnlessSet(InlineCompletions);
        SetUnlessSet(ThreadCount);
    }

    private static void SetUnlessSet(string variable)
    {
        if (Environment.GetEnvironmentVariable(variable) is null) Environment.SetEnvironmentVariable(variable, "1");
    }
}
