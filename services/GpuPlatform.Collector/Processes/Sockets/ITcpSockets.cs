namespace GpuPlatform.Collector.Processes.Sockets;

/// <summary>The TCP sockets of the network that this process is in, by the inode under which they stand among the open files of their holders.</summary>
internal interface ITcpSockets
{
    /// <summary>How long it is to be lived with what was last told of listeners, for what it costs to ask, when nothing speaks for a change.</summary>
    TimeSpan ListenersLast { get; }

    /// <summary>The sockets at the local ends. One that is gone, or belongs to no process any more, is left out.</summary>
    Dictionary<TcpConnection, long> Find(IReadOnlyCollection<TcpConnection> connections);

    /// <summary>All sockets that listen on these ports, whatever their address and protocol, and the port of each.</summary>
    Dictionary<long, int> Listening(IReadOnlySet<int> ports);
}
