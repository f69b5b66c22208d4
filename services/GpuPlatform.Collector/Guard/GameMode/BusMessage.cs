namespace GpuPlatform.Collector.Guard.GameMode;

/// <summary>The kinds of D-Bus messages.</summary>
internal enum BusMessageType : byte
{
    Invalid = 0,
    Call = 1,
    Return = 2,
    Error = 3,
    Signal = 4,
}

/// <summary>One message of the bus, as far as it is looked at.</summary>
internal sealed record BusMessage
{
    public required BusMessageType Type { get; init; }

    /// <summary>Number its sender gave it.</summary>
    public required uint Serial { get; init; }

    /// <summary>Number of the call that it answers; 0 when it answers none.</summary>
    public uint ReplyTo { get; init; }

    public string? Path { get; init; }

    public string? Interface { get; init; }

    public string? Member { get; init; }

    public string? Sender { get; init; }

    public string? Destination { get; init; }

    /// <summary>Types of the body, one letter each; empty when there is none.</summary>
    public string Signature { get; init; } = "";

    /// <summary>True: nothing is started for the sake of this call.</summary>
    public bool NoAutoStart { get; init; }

    public bool IsLittleEndian { get; init; } = true;

    public ReadOnlyMemory<byte> Body { get; init; }
}
