namespace GpuPlatform.Collector.Guard;

/// <summary>What a request finds that comes while its GPU is not for it.</summary>
internal enum WaitingPolicy
{
    /// <summary>It waits, in order, for a bounded time.</summary>
    Hold,

    /// <summary>It is refused at once with 503, the reason and when to come back.</summary>
    Refuse,

    /// <summary>It runs on the processor.</summary>
    Cpu,
}

/// <summary>Whether requests of one model server may begin.</summary>
/// <param name="Limit">How many may be under way at a time; null: any number; 0: none, the gate is closed.</param>
/// <param name="Policy">What becomes of the others.</param>
/// <param name="Reason">Why, for those who wait or are refused.</param>
internal sealed record GateSetting(int? Limit, WaitingPolicy Policy, string Reason)
{
    public static readonly GateSetting Open = new(null, WaitingPolicy.Hold, "");
}

/// <summary>
/// The way in to the model servers, between the reading of a request and its passing on. Set by the guard from any thread, at once; cheap when open. A
/// model in the cloud uses no GPU and passes a closed gate, as does everything that is no generation.
/// </summary>
internal interface IModelGate
{
    /// <summary>What holds for the server from now on. Opening lets those who wait go in the order in which they came.</summary>
    void Set(string server, GateSetting setting);

    /// <summary>Generations under way at the server on its GPU, those that wait not included.</summary>
    int RunningCount(string server);

    /// <summary>Requests that wait.</summary>
    int HeldCount(string server);

    /// <summary>Cancels what is under way on the GPU; gives how many.</summary>
    int CancelRunning(string server, string reason);

    /// <summary>Raised when a request began, ended, came to wait or left, on the thread of its stream: must be quick.</summary>
    event Action? Changed;
}
