using GpuPlatform.Contracts;

namespace GpuPlatform.Collector.Ollama.Telemetry;

/// <summary>Model and client of a record as labels, of which there are only so many.</summary>
internal sealed class LlmLabels
{
    internal const int MostModels = 100;
    internal const int MostClients = 100;

    private readonly LabelWords _models = new(MostModels);
    private readonly LabelWords _clients = new(MostClients);

    // Of a model that the server does not know, anybody can make up a name
    public string Model(LlmRequestCompleted record) =>
        _models.Of(record.Model, record.StatusCode is not (null or StatusCodes.Status400BadRequest or StatusCodes.Status404NotFound) && record.Outcome != LlmOutcome.Refused);

    public string Client(LlmRequestCompleted record) => _clients.Of(record.Client.Name, isCredible: true);
}
