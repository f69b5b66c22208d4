using System.Text.Json;
using GpuPlatform.Contracts;

namespace GpuPlatform.Collector.Ollama.Models;

/// <summary>
/// Asks a server with OpenAI's API. That API has no word for what is in memory; what the servers of this kind add to it is used. Nothing is asked that
/// could load a model, or keep one from being unloaded.
/// </summary>
internal sealed class OpenAiReader(ServerClient client, string? metrics) : IServerReader
{
    private const string ModelsPath = "/v1/models";
    private const string PropertiesPath = "/props";
    private const string RunningPath = "/running";
    private const string StudioPath = "/api/v0/models";
    private const string DefaultMetricsPath = "/metrics";
    private const int MostModels = 1000;

    private ServerKind? _kind;
    private string? _version;
    private bool _hasMetrics = true;

    public async Task<ServerReading> ReadAsync(bool isBusy, CancellationToken cancellation)
    {
        var reader = new AnswerReader(ModelsPath);
        using var answer = (await client.GetAsync(ModelsPath, cancellation)).ToJson();
        var models = reader.List(answer.RootElement, "data").Where(model => reader.Text(model, "id") is not null).Take(MostModels).ToList();
        var kind = _kind ??= await KindAsync(reader, models, cancellation);
        var sleeps = kind == ServerKind.LlamaCpp && await AskPropertiesAsync(cancellation);
        _version ??= await VersionAsync(kind, cancellation);
        var resident = sleeps ? [] : await ResidentAsync(kind, reader, models, cancellation);
        return new ServerReading
        {
            Kind = Word(kind),
            Version = _version,
            Resident = resident?.DistinctBy(model => model.Name).Select(model => new LoadedModel(model, null)).ToList(),
            Available = [.. models.Select(model => OnDisk(reader, model)).DistinctBy(model => model.Name)],
            Load = await LoadAsync(kind, isBusy, cancellation),
            Oddities = reader.Oddities,
        };
    }

    private async Task<ServerKind> KindAsync(AnswerReader reader, List<JsonElement> models, CancellationToken cancellation)
    {
        var owners = models.Select(model => reader.Text(model, "owned_by")).ToHashSet();
        if (owners.Contains("llama-swap")) return ServerKind.LlamaSwap;
        if (models.Exists(model => reader.Object(model, "status") is not null)) return ServerKind.LlamaCppRouter;
        if (owners.Contains("llamacpp")) return ServerKind.LlamaCpp;
        if (owners.Contains("vllm")) return ServerKind.Vllm;
        using var studio = await client.TryGetJsonAsync(StudioPath, cancellation);
        return studio?.RootElement is { ValueKind: JsonValueKind.Object } root && root.TryGetProperty("data", out _) ? ServerKind.LmStudio : ServerKind.Other;
    }

    private static string Word(ServerKind kind) => kind switch
    {
        ServerKind.Vllm => "vllm",
        ServerKind.LlamaCpp or ServerKind.LlamaCppRouter => "llama.cpp",
        ServerKind.LlamaSwap => "llama-swap",
        ServerKind.LmStudio => "lm-studio",
        _ => "other",
    };

    private async Task<string?> VersionAsync(ServerKind kind, CancellationToken cancellation) => kind switch
    {
        ServerKind.Vllm => await OllamaReader.VersionAsync(client, "/version", cancellation),
        ServerKind.LlamaSwap => await OllamaReader.VersionAsync(client, "/api/version", cancellation),
        _ => null,
    };

    private async Task<IReadOnlyList<ResidentModel>?> ResidentAsync(ServerKind kind, AnswerReader reader, List<JsonElement> models, CancellationToken cancellation) => kind switch
    {
        // These have one model, and have it in memory
        ServerKind.Vllm or ServerKind.LlamaCpp => [.. models.Select(model => Loaded(reader, model))],
        ServerKind.LlamaCppRouter => [.. models.Where(model => IsLoaded(reader, model)).Select(model => Loaded(reader, model))],
        ServerKind.LlamaSwap => await ListAsync(RunningPath, "running", (list, model) =>
            list.Text(model, "model") is { } name && list.Text(model, "state") is not ("stopped" or "shutdown") ? new ResidentModel { Name = name } : null, cancellation),
        ServerKind.LmStudio => await ListAsync(StudioPath, "data", (list, model) =>
            list.Text(model, "id") is { } name && list.Text(model, "state") == "loaded" ? Studio(list, model, name) : null, cancellation),
        _ => null,
    };

    private static bool IsLoaded(AnswerReader reader, JsonElement model) =>
        reader.Object(model, "status") is { } status && reader.Text(status, "value") is "loaded" or "loading";

    private static ResidentModel Studio(AnswerReader reader, JsonElement model, string name) => new()
    {
        Name = name, Family = reader.Text(model, "arch"), Quantization = reader.Text(model, "quantization"), ContextLength = reader.Count(model, "loaded_context_length"),
    };

    private static ResidentModel Loaded(AnswerReader reader, JsonElement model) => new()
    {
        Name = reader.Text(model, "id")!,
        ContextLength = reader.Count(model, "max_model_len"),
    };

    private static AvailableModel OnDisk(AnswerReader reader, JsonElement model) => new()
    {
        Name = reader.Text(model, "id")!,
        SizeBytes = reader.Object(model, "meta") is { } meta ? reader.Bytes(meta, "size") : null,
    };

    private async Task<List<ResidentModel>?> ListAsync(string path, string name, Func<AnswerReader, JsonElement, ResidentModel?> read, CancellationToken cancellation)
    {
        using var answer = await client.TryGetJsonAsync(path, cancellation);
        if (answer is null) return null;
        var reader = new AnswerReader(path);
        return [.. reader.List(answer.RootElement, name).Select(model => read(reader, model)).OfType<ResidentModel>().Take(MostModels)];
    }

    // True while llama.cpp has put its model out of memory until somebody asks for it
    private async Task<bool> AskPropertiesAsync(CancellationToken cancellation)
    {
        using var answer = await client.TryGetJsonAsync(PropertiesPath, cancellation);
        if (answer?.RootElement is not { ValueKind: JsonValueKind.Object } root) return false;
        _version = new AnswerReader(PropertiesPath).Text(root, "build_info");
        return root.TryGetProperty("is_sleeping", out var sleeps) && sleeps.ValueKind == JsonValueKind.True;
    }

    // To some releases of llama.cpp a question for metrics is work that keeps the model awake; while requests are under way it is awake anyway
    private async Task<ServerLoad> LoadAsync(ServerKind kind, bool isBusy, CancellationToken cancellation)
    {
        if (metrics == FurtherServer.NoMetrics || !_hasMetrics) return default;
        if (metrics is null && (kind is ServerKind.LlamaCppRouter or ServerKind.LlamaSwap || (kind == ServerKind.LlamaCpp && !isBusy))) return default;
        try
        {
            var load = ServerMetrics.Read(await client.GetAsync(metrics ?? DefaultMetricsPath, cancellation));
            _hasMetrics = load is not null || metrics is not null;
            return load ?? default;
        }
        catch (ServerProblem)
        {
            return default;
        }
    }

    private enum ServerKind
    {
        Other,
        Vllm,
        LlamaCpp,
        LlamaCppRouter,
        LlamaSwap,
        LmStudio,
    }
}
