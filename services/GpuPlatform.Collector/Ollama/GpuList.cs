namespace GpuPlatform.Collector.Ollama;

/// <summary>GPUs as the configuration names them: UUIDs with commas between, or <c>none</c>.</summary>
internal static class GpuList
{
    private const string None = "none";

    /// <summary>Null when nothing is said, empty for none.</summary>
    public static IReadOnlyList<string>? Parse(string? text) => string.IsNullOrWhiteSpace(text) ? null : IsNone(text) ? [] : Split(text);

    /// <summary>Why the text cannot be used; null when it can. Whether there is such a GPU is seen later: it may be asleep or not plugged in.</summary>
    public static string? Problem(string? text) => string.IsNullOrWhiteSpace(text) || IsNone(text) || Split(text) is { Length: > 0 } uuids && uuids.All(IsUuid)
        ? null
        : $"is '{text}'; accepted are UUIDs as {Contracts.Routes.GpuDevices} lists them, with commas between, or {None}";

    private static bool IsNone(string text) => text.Trim().Equals(None, StringComparison.OrdinalIgnoreCase);

    private static string[] Split(string text) => text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    // A number is what people write first; it changes from boot to boot
    private static bool IsUuid(string text) => text.Length > 3 && text.Contains('-', StringComparison.Ordinal) && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or ':');
}
