namespace GpuPlatform.Collector;

/// <summary>How the runtime treats sockets that have something to say.</summary>
internal static class SocketTuning
{
    private const string InlineCompletions = "DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS";

    /// <summary>
    /// Lets what waits for a socket go on at once on the thread that was told of it, instead of waking a second one: that second waking was four fifths of
    /// what a token in the proxy cost. So nothing behind an <c>await</c> of a socket may block. To be called before the first socket.
    /// </summary>
    /// <remarks>The runtime knows no other way to say it than this variable, which the host's owner may have set otherwise.</remarks>
    public static void Apply()
    {
        if (Environment.GetEnvironmentVariable(InlineCompletions) is null) Environment.SetEnvironmentVariable(InlineCompletions, "1");
    }
}
