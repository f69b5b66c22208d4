using System.Buffers;
using System.Collections.Frozen;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace GpuPlatform.Collector.Processes;

/// <summary>
/// The environment variables that tell what a process is for. An environment is full of secrets: only the names listed here are looked
/// at, and even their values are redacted and cut.
/// </summary>
internal static class ProcessEnvironment
{
    internal const int MostValueCharacters = 512;
    private const int MostBytes = 1 << 20;
    private const int ChunkBytes = 16 * 1024;
    private const int LongestName = 40;

    // Two of umu's names mean something else to other programs
    private static readonly string[] OnlyWithUmu = ["GAMEID", "STORE"];

    internal static readonly FrozenSet<string> Names = new[]
    {
        "SteamAppId", "SteamGameId", "STEAM_COMPAT_APP_ID", "STEAM_COMPAT_DATA_PATH", "STEAM_COMPAT_INSTALL_PATH",
        "STEAM_COMPAT_CLIENT_INSTALL_PATH", "WINEPREFIX", "PROTONPATH", "PROTON_VERB", "GAMEID", "UMU_ID", "STORE",
        "HEROIC_APP_NAME", "HEROIC_APP_RUNNER", "HEROIC_APP_SOURCE", "LUTRIS_GAME_UUID",
        "CUDA_VISIBLE_DEVICES", "NVIDIA_VISIBLE_DEVICES", "HIP_VISIBLE_DEVICES", "ROCR_VISIBLE_DEVICES", "CUDA_MPS_ACTIVE_THREAD_PERCENTAGE",
        "OLLAMA_HOST", "OLLAMA_MODELS", "OLLAMA_KEEP_ALIVE", "OLLAMA_NUM_PARALLEL", "OLLAMA_MAX_LOADED_MODELS", "OLLAMA_CONTEXT_LENGTH",
        "OLLAMA_FLASH_ATTENTION", "OLLAMA_KV_CACHE_TYPE", "OLLAMA_GPU_OVERHEAD", "OLLAMA_SCHED_SPREAD",
    }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Reads in pieces, because an environment may be megabytes long and what is wanted may stand at its end.</summary>
    /// <exception cref="IOException">It went away while it was read.</exception>
    public static SortedDictionary<string, string> Read(SafeFileHandle file)
    {
        var found = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var buffer = ArrayPool<byte>.Shared.Rent(ChunkBytes);
        try
        {
            var (kept, skipping) = (0, false);
            for (long offset = 0; offset < MostBytes && RandomAccess.Read(file, buffer.AsSpan(kept), offset) is var read and > 0; offset += read)
            {
                var text = buffer.AsSpan(0, kept + read);
                for (int end; (end = text.IndexOf((byte)0)) >= 0; text = text[(end + 1)..], skipping = false)
                    if (!skipping)
                        Take(text[..end], found);
                // An entry longer than the buffer is none of ours; it is passed over up to its end
                skipping |= text.Length == buffer.Length;
                kept = skipping ? 0 : text.Length;
                text[..kept].CopyTo(buffer);
            }
        }
        finally
        {
            // What others leave in a pooled buffer is looked at by nobody, but this is somebody's environment
            ArrayPool<byte>.Shared.Return(buffer, clearArray: true);
        }

        if (!IsUmu(found, "GAMEID") && !IsUmu(found, "UMU_ID"))
            foreach (var name in OnlyWithUmu)
                found.Remove(name);
        return found;
    }

    private static void Take(ReadOnlySpan<byte> entry, SortedDictionary<string, string> found)
    {
        if (entry.IndexOf((byte)'=') is not (> 0 and <= LongestName and var split))
            return;
        Span<char> name = stackalloc char[LongestName];
        name = name[..Encoding.Latin1.GetChars(entry[..split], name)];
        if (!Names.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(name, out var known))
            return;
        var value = CommandLineRedaction.Show(Encoding.UTF8.GetString(entry[(split + 1)..]));
        // Of a name that is set twice, programs read the first
        found.TryAdd(known, ProcessText.Cut(value, MostValueCharacters));
    }

    private static bool IsUmu(SortedDictionary<string, string> found, string name) =>
        found.TryGetValue(name, out var value) && value.StartsWith("umu-", StringComparison.Ordinal);
}
