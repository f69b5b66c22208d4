namespace GpuPlatform.LocalHosting.Engine;

/// <summary>The last lines of every resource.</summary>
internal sealed class LogLines
{
    private const int Kept = 500;

    private readonly Dictionary<string, Queue<string>> _lines = [];
    private readonly Lock _guard = new();

    public event Action<string, string>? Written;

    public void Write(string resource, string line)
    {
        lock (_guard)
        {
            if (!_lines.TryGetValue(resource, out var lines)) _lines[resource] = lines = new(Kept);
            if (lines.Count == Kept) lines.Dequeue();
            lines.Enqueue(line);
        }

        Written?.Invoke(resource, line);
    }

    public IReadOnlyList<string> Of(string resource, int count = Kept)
    {
        lock (_guard) return _lines.TryGetValue(resource, out var lines) ? [.. lines.TakeLast(count)] : [];
    }
}
