using System.Text.Json;
using GpuPlatform.Contracts;

namespace GpuPlatform.Collector.Ollama.Models;

/// <summary>Asks Ollama. None of its answers loads a model, or keeps one in memory.</summary>
internal sealed class OllamaReader(ServerClient client, TimeProvider time) : IServerReader
{
    public const string ResidentPath = "/api/ps";
    private const string AvailablePath = "/api/tags";
    private const string VersionPath = "/api/version";
    private const int MostModels = 1000;
    private static readonly TimeSpan AvailableInterval = TimeSpan.FromMinutes(1);

    private string? _version;
    private IReadOnlyList<AvailableModel>? _available;
    private long? _availableAt;

    public async Task<ServerReading> ReadAsync(bool isBusy, CancellationToken cancellation)
    {
        var resident = new AnswerReader(ResidentPath);
        var models = Resident(resident, (await client.GetAsync(ResidentPath, cancellation)).ToJson());
        _version ??= await VersionAsync(client, VersionPath, cancellation);
        var available = new AnswerReader(AvailablePath);
        if (_availableAt is not { } at || time.GetElapsedTime(at) >= AvailableInterval)
        {
            _availableAt = time.GetTimestamp();
            _available = await AvailableAsync(available, cancellation);
        }
        return new ServerReading { Kind = LlmServer.Ollama, Version = _version, Resident = models, Available = _available, Oddities = [.. resident.Oddities, .. available.Oddities] };
    }

    /// <summary>The member <c>version</c> of an answer; null when there is none.</summary>
    public static async Task<string?> VersionAsync(ServerClient client, string path, CancellationToken cancellation)
    {
        using var answer = await client.TryGetJsonAsync(path, cancellation);
        return answer is null ? null : new AnswerReader(path).Text(answer.RootElement, "version");
    }

    private List<LoadedModel> Resident(AnswerReader reader, JsonDocument answer)
    {
        using (answer)
        {
            var now = time.GetUtcNow();
            return [.. reader.List(answer.RootElement, "models").Select(model => One(reader, model, now)).OfType<LoadedModel>().DistinctBy(model => model.Model.Name).Take(MostModels)];
        }
    }

    private static LoadedModel? One(AnswerReader reader, JsonElement model, DateTimeOffset now)
    {
        if (NameOf(reader, model) is not { } name) return null;
        var details = reader.Object(model, "details") ?? default;
        var (size, vram) = (reader.Bytes(model, "size"), reader.Bytes(model, "size_vram"));
        var expires = reader.Instant(model, "expires_at", now);
        return new LoadedModel(new ResidentModel
        {
            Name = name,
            SizeBytes = size,
            VramBytes = vram > size ? size : vram,
            ContextLength = reader.Count(model, "context_length"),
            Family = reader.Text(details, "family"),
            ParameterSize = reader.Text(details, "parameter_size"),
            Quantization = reader.Text(details, "quantization_level"),
            ExpiresAt = expires,
            Stopping = expires < now,
        }, reader.Text(model, "digest"));
    }

    private async Task<IReadOnlyList<AvailableModel>?> AvailableAsync(AnswerReader reader, CancellationToken cancellation)
    {
        using var answer = await client.TryGetJsonAsync(AvailablePath, cancellation);
        if (answer is null || answer.RootElement.ValueKind != JsonValueKind.Object) return null;
        try
        {
            return [.. reader.List(answer.RootElement, "models").Select(model => OnDisk(reader, model)).OfType<AvailableModel>().DistinctBy(model => model.Name).Take(MostModels)];
        }
        catch (ServerProblem)
        {
            // Which models are in memory is known all the same
            return null;
        }
    }

    private static AvailableModel? OnDisk(AnswerReader reader, JsonElement model)
    {
        if (NameOf(reader, model) is not { } name) return null;
        var details = reader.Object(model, "details") ?? default;
        return new AvailableModel
        {
            Name = name,
            SizeBytes = reader.Bytes(model, "size"),
            Family = reader.Text(details, "family"),
            ParameterSize = reader.Text(details, "parameter_size"),
            Quantization = reader.Text(details, "quantization_level"),
            Remote = reader.Text(model, "remote_host") is not null || reader.Text(model, "remote_model") is not null,
        };
    }

    private static string? NameOf(AnswerReader reader, JsonElement model) => reader.Text(model, "name") ?? reader.Text(model, "model");
}
