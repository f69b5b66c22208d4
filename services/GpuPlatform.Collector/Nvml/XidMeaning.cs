namespace GpuPlatform.Collector.Nvml;

/// <summary>What the better known XID codes mean, and how bad that is.</summary>
internal static class XidMeaning
{
    /// <summary>The driver's own word for a code that it does not know.</summary>
    public const int Unknown = 999;

    public static (string Text, LogLevel Level) Of(int code) => code switch
    {
        13 => ("a program made the graphics engine fail: an error in that program, seldom in the hardware", LogLevel.Warning),
        31 => ("a program used memory of the GPU that it does not own: an error in that program, seldom in the hardware", LogLevel.Warning),
        43 => ("a program's work on the GPU was stopped after an error of its own; the GPU is healthy", LogLevel.Warning),
        48 => ("an uncorrectable memory error: reset the GPU, and have it tested when it happens again", LogLevel.Error),
        62 => ("the GPU's own microcontroller halted: reset the GPU or start the machine again", LogLevel.Error),
        63 => ("a faulty piece of memory is being replaced by a spare one; it takes effect with the next reset", LogLevel.Information),
        64 => ("a faulty piece of memory could not be replaced: the GPU wants to be exchanged", LogLevel.Error),
        74 => ("an error on the link between GPUs (NVLink): check bridge and seating", LogLevel.Error),
        79 => ("the GPU has fallen off the bus: check power supply, seating and temperature, then start the machine again", LogLevel.Error),
        92 => ("many corrected memory errors in a short time: watch this GPU", LogLevel.Information),
        95 => ("an uncorrectable memory error that reaches other programs: reset the GPU", LogLevel.Error),
        119 => ("the GPU's system processor (GSP) did not answer in time: reset the GPU or start the machine again", LogLevel.Error),
        120 => ("the GPU's system processor (GSP) failed: reset the GPU or start the machine again", LogLevel.Error),
        Unknown => ("an error that the driver does not name", LogLevel.Warning),
        _ => ("see NVIDIA's list of XID errors", LogLevel.Warning),
    };
}
