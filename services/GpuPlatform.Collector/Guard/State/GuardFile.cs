using System.Text.Json;
using GpuPlatform.Collector.Uplink.Spooling;

namespace GpuPlatform.Collector.Guard;

/// <summary>
/// Keeps what the next run must know, in a file that is either the old one or the new one, whenever the power goes. It is written beside the guard,
/// which waits for no disk.
/// </summary>
internal sealed partial class GuardFile
{
    /// <summary>A disk that takes longer is told of.</summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private const int LongestBytes = 1 << 20;
    private const string Unfinished = ".new";

    private readonly string? _path;
    private readonly ILogger _logger;
    private readonly LatestWriter _writer;
    private byte[] _latest = [];
    private volatile string? _failure;

    /// <param name="path">Null: nothing is kept.</param>
    /// <param name="time">For how long a write takes.</param>
    /// <param name="logger">Told once of each trouble.</param>
    public GuardFile(string? path, TimeProvider time, ILogger logger) => (_path, _logger, _writer) = (path, logger, new LatestWriter(Put, time));

    /// <summary>Puts bytes in the place of the file.</summary>
    internal Action<string, byte[]> Store { get; init; } = Replace;

    /// <summary>Why nothing is kept though it should be; null when it is.</summary>
    public string? Problem => (_failure ?? (_writer.Taking is var taken && taken >= Patience ? $"the disk has not taken it for {taken.TotalSeconds:0} s" : null)) is { } why
        ? $"to whom the GPUs belong cannot be kept in {_path}: {why}"
        : null;

    /// <summary>Ends when all that was to be kept so far is, or could not be.</summary>
    public Task Idle => _writer.Idle;

    /// <summary>What the last run left; nothing when there is no file or it cannot be used.</summary>
    public HostMemory Read()
    {
        if (_path is null) return new HostMemory();
        try
        {
            if (!File.Exists(_path)) return new HostMemory();
            if (new FileInfo(_path).Length > LongestBytes) throw new JsonException($"more than {LongestBytes} bytes");
            return JsonSerializer.Deserialize(File.ReadAllBytes(_path), GuardJson.Default.HostMemory) is { Version: 1, Gpus: not null } memory && memory.Gpus.All(IsWhole)
                ? memory
                : throw new JsonException("of another release");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException or InvalidOperationException or FormatException or NotSupportedException)
        {
            Log.NotRead(_logger, _path, e.Message);
            return new HostMemory();
        }
    }

    /// <summary>Has it written when it says something else than what was said last, or that could not be written. Waits for nothing; not for two threads.</summary>
    public void Keep(HostMemory memory)
    {
        if (_path is null) return;
        var bytes = JsonSerializer.SerializeToUtf8Bytes(memory, GuardJson.Default.HostMemory);
        if (bytes.AsSpan().SequenceEqual(_latest) && _failure is null) return;
        _latest = bytes;
        _writer.Write(bytes);
    }

    private void Put(byte[] bytes)
    {
        try
        {
            Store(_path!, bytes);
            _failure = null;
        }
        // Whatever it is, the next state is to be written too
        catch (Exception e)
        {
            if (_failure is null) Log.NotWritten(_logger, _path!, e.Message);
            _failure = e.Message;
        }
    }

    private static void Replace(string path, byte[] bytes)
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
