using System.Diagnostics;
using System.Globalization;

namespace GpuPlatform.SystemTests.Guard;

/// <summary>A real process that looks as a game from Steam does and is, by its mark, on a simulated GPU. No child of this process, below which the model server runs.</summary>
internal sealed class MarkedGame : IAsyncDisposable
{
    public const string Name = "Starfall.x86_64";

    const string Path = $"/home/player/.local/share/Steam/steamapps/common/Starfall/{Name}";

    MarkedGame(int id, DateTimeOffset startedAt) => (Id, StartedAt) = (id, startedAt);

    public int Id { get; }

    /// <summary>When it took its memory, by this process's clock.</summary>
    public DateTimeOffset StartedAt { get; }

    /// <param name="mark">What it takes: GPU, MiB, context, load.</param>
    /// <param name="path">What it calls itself.</param>
    public static async Task<MarkedGame> StartAsync(string mark = "0:8000:graphics:90", string path = Path)
    {
        var file = System.IO.Path.GetTempFileName();
        try
        {
            // The shell that gives it its name ends when it is there, so that it is nobody's child
            using var shell = Process.Start(new ProcessStartInfo("setsid", ["--fork", "bash", "-c", """echo $$ > "$1.tmp"; mv "$1.tmp" "$1"; GPUPLATFORM_SIMULATED_GPU="$3" exec -a "$2" sleep 900""", "bash", file, path, mark])
            {
                Environment = { ["SteamAppId"] = "9990001" },
            })!;
            await shell.WaitForExitAsync(TestContext.Current.CancellationToken);
            var id = await Eventually.Get("the game runs", async () => await File.ReadAllTextAsync(file) is { Length: > 0 } text ? text : null);
            return new MarkedGame(int.Parse(id, CultureInfo.InvariantCulture), DateTimeOffset.UtcNow);
        }
        finally
        {
            File.Delete(file);
        }
    }

    public ValueTask DisposeAsync()
    {
        if (Directory.Exists($"/proc/{Id}")) Processes.Signal("KILL", Id);
        return ValueTask.CompletedTask;
    }
}
