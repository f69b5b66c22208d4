using GpuPlatform.Collector.Guard;
using GpuPlatform.Collector.Ollama;

namespace GpuPlatform.Collector.Simulated;

/// <summary>
/// The invented model server. The guard has its model leave and come back as it does with a real one; its clients, who are invented too, want the model as soon
/// as their requests are let through.
/// </summary>
internal sealed class SimulatedServer(Func<bool> isLoaded, Func<double> seconds, ModelAbsence absence, TimeProvider clock) : IModelEviction
{
    // No name that settings could give to a real one
    public const string Name = "ollama (simulated)";
    public const string Model = "gemma3:27b (simulated)";

    internal static readonly TimeSpan UnloadTakes = TimeSpan.FromSeconds(0.6);
    internal static readonly TimeSpan LoadTakes = TimeSpan.FromSeconds(3);

    // Nobody can reach it: the port is one that nobody listens at
    private static readonly Uri Nowhere = new("http://127.0.0.1:0");

    /// <summary>As the guard knows it: its processes look like Ollama's, and it may use both boards.</summary>
    public static ModelServer Server { get; } = new(Name, Nowhere, Nowhere) { IsOllama = true, Gpus = [.. SimulatedSource.Boards.Select(board => board.Identity.Uuid)] };

    public Task<EvictionLook> LookAsync(ModelServer server, CancellationToken cancellation) => Task.FromResult(new EvictionLook(isLoaded() ? [Model] : [], null));

    public async Task<string?> UnloadAsync(ModelServer server, IReadOnlyList<string> models, CancellationToken cancellation)
    {
        absence.Begin(seconds() + UnloadTakes.TotalSeconds);
        await Task.Delay(UnloadTakes, clock, cancellation);
        return null;
    }

    public async Task<string?> WarmAsync(ModelServer server, IReadOnlyList<string> models, CancellationToken cancellation)
    {
        LetThrough();
        await Task.Delay(LoadTakes, clock, cancellation);
        return null;
    }

    /// <summary>Its clients' requests pass again.</summary>
    public void LetThrough() => absence.End(seconds() + LoadTakes.TotalSeconds);
}
