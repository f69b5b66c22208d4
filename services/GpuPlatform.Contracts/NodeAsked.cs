namespace GpuPlatform.Contracts;

/// <summary>
/// Something that is asked of the collector of a host, or of all of them: to hand a GPU over, or what room there is. It is heard by those who listen at that
/// moment, and waits for nobody else. Answered with a <see cref="NodeAnswered"/>.
/// </summary>
public sealed record NodeAsked
{
    /// <summary>How long an answer is waited for, and how long the broker keeps a question for a collector that does not take it.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Identity, which the answers carry. A collector takes each once.</summary>
    public required Guid RequestId { get; init; }

    /// <summary>UTC instant by the clock of the one who asks.</summary>
    public required DateTimeOffset AskedAt { get; init; }

    /// <summary>The host; null: all, which is for questions only and not to hand GPUs over.</summary>
    public string? NodeId { get; init; }

    /// <summary>The models are to leave; null when that is not what is asked.</summary>
    public GuardRequest? Yield { get; init; }

    /// <summary>The models are to have it again; null when that is not what is asked.</summary>
    public GuardRequest? Resume { get; init; }

    /// <summary>Where something would fit; null when that is not what is asked. Where all three are null, how much room there is.</summary>
    public PlacementRequest? Placement { get; init; }
}

/// <summary>What is to be placed: one of the two.</summary>
public sealed record PlacementRequest
{
    /// <summary>A model, by its name at its server.</summary>
    public string? Model { get; init; }

    /// <summary>An amount of memory, in bytes.</summary>
    public long? Bytes { get; init; }
}

/// <summary>What a collector answers to a <see cref="NodeAsked"/>: what its own API would.</summary>
public sealed record NodeAnswered
{
    /// <summary>The question's.</summary>
    public required Guid RequestId { get; init; }

    /// <summary>The host's id.</summary>
    public required string NodeId { get; init; }

    /// <summary>UTC instant of the answer by the clock of the host.</summary>
    public required DateTimeOffset AnsweredAt { get; init; }

    /// <summary>Why what was asked was not done, or cannot be told, in words; null when it was.</summary>
    public string? Problem { get; init; }

    /// <summary>To whom the GPUs belong now that one was to be handed over.</summary>
    public GuardReport? Guard { get; init; }

    /// <summary>Memory of its GPUs, when anything about room was asked.</summary>
    public CapacityReport? Capacity { get; init; }

    /// <summary>Where it would fit; null too when no server of the host knows the model.</summary>
    public PlacementReport? Placement { get; init; }
}
