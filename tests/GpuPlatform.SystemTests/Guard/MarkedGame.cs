using System.Diagnostics;
using System.Globalization;

namespace GpuPlatform.SystemTests.Guard;

/// <summary>A real process that looks as a game from Steam does, unless it is to be another, and is, by its mark, on a simulated GPU. No child of this process, below which the model server runs.</summary>
internal sealed class MarkedGame : IAsyncDisposable
{
    public const string Name = "Starfall.x86_64";

    const string Path = $"/home/player/.local/share/Steam/steamapps/common/Starfall/{Name}";

    const string LastId = "/proc/sys/kernel/ns_last_pid";

    // Somebody else may start a process between the two: then it is tried again
    const string Script = """
        for ((try = 0; try < 200; try++)); do
          [ -z "$4" ] || echo $(($4 - 1)) > /proc/sys/kernel/ns_last_pid
          (GPUPLATFORM_SIMULATED_GPU="$3" exec -a "$2" sleep 900) &
          if [ -z "$4" ] || [ $! = "$4" ]; then break; fi
          kill $!
        done
        echo $! > "$1.tmp"; mv "$1.tmp" "$1"
        """;

    bool _isEnded;

    MarkedGame(int id, DateTimeOffset startedAt) => (Id, StartedAt) = (id, startedAt);

    public int Id { get; }

    /// <summary>Whether its number is taken.</summary>
    public bool Exists => Directory.Exists($"/proc/{Id}");

    /// <summary>When it took its memory, by this process's clock.</summary>
    public DateTimeOffset StartedAt { get; }

    /// <summary>Whether this user may say which number the next process gets.</summary>
    public static bool MayChooseId()
    {
        try
        {
            File.WriteAllText(LastId, File.ReadAllText(LastId));
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <param name="mark">What it takes: GPU, MiB, context, load.</param>
    /// <param name="path">What it calls itself.</param>
    /// <param name="id">The number it is to have, which nobody has now; null: any.</param>
    public static async Task<MarkedGame> StartAsync(string mark = "0:8000:graphics:90", string path = Path, int? id = null)
    {
        var file = System.IO.Path.GetTempFileName();
        try
        {
            // The shell that starts it ends when it is there, so that it is nobody's child
            var start = new ProcessStartInfo("setsid", ["--fork", "bash", "-c", Script, "bash", file, path, mark, $"{id}"]);
            if (path == Path) start.Environment["SteamAppId"] = "9990001";
            using var shell = Process.Start(start)!;
            await shell.WaitForExitAsync(TestContext.Current.CancellationToken);
            var given = int.Parse(await Eventually.Get("the game runs", async () => await File.ReadAllTextAsync(file) is { Length: > 0 } text ? text : null), CultureInfo.InvariantCulture);
            Assert.Equal(id ?? given, given);
            return new MarkedGame(given, DateTimeOffset.UtcNow);
        }
        finally
        {
            File.Delete(file);
        }
    }

    public ValueTask DisposeAsync()
    {
        if (!_isEnded && Exists) Processes.Signal("KILL", Id);
        _isEnded = true;
        return ValueTask.CompletedTask;
    }
}
