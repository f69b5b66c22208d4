using System.Text.Json;
using GpuPlatform.Collector.Uplink.Spooling;

namespace GpuPlatform.Collector.Guard;

/// <summary>Keeps what the next run must know, in a file that is either the old one or the new one, whenever the power goes.</summary>
/// <param name="path">Null: nothing is kept.</param>
/// <param name="logger">Told once of each trouble.</param>
internal sealed partial class GuardFile(string? path, ILogger logger)
{
    private const int LongestBytes = 1 << 20;
    private const string Unfinished = ".new";

    private byte[] _written = [];

    /// <summary>Why nothing is kept though it should be; null when it is.</summary>
    public string? Problem { get; private set; }

    /// <summary>What the last run left; nothing when there is no file or it cannot be used.</summary>
    public HostMemory Read()
    {
        if (path is null) return new HostMemory();
        try
        {
            if (!File.Exists(path)) return new HostMemory();
            if (new FileInfo(path).Length > LongestBytes) throw new JsonException($"more than {LongestBytes} bytes");
            return JsonSerializer.Deserialize(File.ReadAllBytes(path), GuardJson.Default.HostMemory) is { Version: 1, Gpus: not null } memory && memory.Gpus.All(IsWhole)
                ? memory
                : throw new JsonException("of another release");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException or InvalidOperationException or FormatException or NotSupportedException)
        {
            Log.NotRead(logger, path, e.Message);
            return new HostMemory();
        }
    }

    /// <summary>Writes when it says something else than what was written last.</summary>
    public void Write(HostMemory memory)
    {
        if (path is null) return;
        var bytes = JsonSerializer.SerializeToUtf8Bytes(memory, GuardJson.Default.HostMemory);
        if (bytes.AsSpan().SequenceEqual(_written) && Problem is null) return;
        try
        {
            var folder = Path.GetDirectoryName(path)!;
            if (OperatingSystem.IsWindows()) Directory.CreateDirectory(folder);
            else Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            using (var file = new FileStream(path + Unfinished, SpoolSegment.OwnerOnly(new() { Mode = FileMode.Create, Access = FileAccess.Write })))
            {
                file.Write(bytes);
                file.Flush(flushToDisk: true);
            }
            File.Move(path + Unfinished, path, overwrite: true);
            (_written, Problem) = (bytes, null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            if (Problem is null) Log.NotWritten(logger, path, e.Message);
            Problem = $"to whom the GPUs belong cannot be kept in {path}: {e.Message}";
        }
    }

    // What a serializer leaves out it sets to null, whatever the type says
    private static bool IsWhole(GpuMemory? gpu) =>
        gpu is { GpuUuid.Length: > 0, Reason: not null, Models: not null } && gpu.Models.All(model => model is { Server: not null, Name: not null });

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "What the guard's last run left in {Path} is not used: {Problem}")]
        public static partial void NotRead(ILogger logger, string path, string problem);

        [LoggerMessage(Level = LogLevel.Warning, Message = "The guard cannot keep to whom the GPUs belong in {Path}: {Problem}; the next run begins anew")]
        public static partial void NotWritten(ILogger logger, string path, string problem);
    }
}
