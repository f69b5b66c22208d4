using System.Text.Json;
using System.Text.Json.Serialization;
using GpuPlatform.Contracts;
using GpuPlatform.History.Ingest;

namespace GpuPlatform.History.Storage;

/// <summary>The details of a GPU as the JSON that the database keeps of the newest.</summary>
internal static class DetailDocument
{
    private static readonly JsonSerializerOptions Json = TolerantEnumConverter.AddTo(
        new JsonSerializerOptions(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull });

    public static string Write(GpuDetails details) =>
        JsonSerializer.Serialize(details with { ReadAt = null, Facts = details.Facts is { } facts ? Clean(facts) : null }, Json);

    /// <summary>Null when another release wrote what this one cannot read: the next details are seconds away.</summary>
    public static GpuDetails? Read(string document)
    {
        try
        {
            return JsonSerializer.Deserialize<GpuDetails>(document, Json);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    // PostgreSQL refuses a NUL in jsonb, even an escaped one
    private static GpuFacts Clean(GpuFacts facts) => facts with
    {
        Vendor = Text.Clean(facts.Vendor),
        Source = Text.Clean(facts.Source),
        PciBusId = Text.Clean(facts.PciBusId),
        DriverVersion = Text.Clean(facts.DriverVersion),
        SerialNumber = Text.Clean(facts.SerialNumber),
        VbiosVersion = Text.Clean(facts.VbiosVersion),
        ComputeCapability = Text.Clean(facts.ComputeCapability),
    };
}
