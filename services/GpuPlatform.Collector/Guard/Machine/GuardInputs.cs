namespace GpuPlatform.Collector.Guard;

/// <summary>Everything the machine of one GPU looks at, as it is now.</summary>
internal sealed record GuardInputs
{
    /// <summary>Who wants it; null: nobody.</summary>
    public GuardDemand? Demand { get; init; }

    /// <summary>False while nothing was read of the GPU yet: that nobody is seen then says nothing.</summary>
    public bool IsKnown { get; init; } = true;

    /// <summary>True while a person wants the models to have it, whoever else is there.</summary>
    public bool IsResumed { get; init; }

    /// <summary>Generations under way at the servers that use it.</summary>
    public int RunningCount { get; init; }

    /// <summary>Whether servers and driver say that no model is left; null while that is not known.</summary>
    public bool? ModelsGone { get; init; }

    /// <summary>What is left of them, in words.</summary>
    public string? Left { get; init; }

    /// <summary>True when the models that are to come back are back, or none is.</summary>
    public bool IsWarm { get; init; } = true;
}

/// <summary>What the machine wants done. Each may be done twice without harm.</summary>
internal enum GuardAction
{
    None,

    /// <summary>Cancel the requests under way.</summary>
    Cancel,

    /// <summary>Ask the servers to unload their models.</summary>
    Unload,

    /// <summary>Ask the processes of models to end.</summary>
    Terminate,

    /// <summary>End them.</summary>
    Kill,

    /// <summary>Ask the servers to load again what was there.</summary>
    Warm,
}
