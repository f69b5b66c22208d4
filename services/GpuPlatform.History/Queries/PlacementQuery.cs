using GpuPlatform.Contracts;
using GpuPlatform.History.Storage;
using GpuPlatform.ServiceDefaults;
using Microsoft.Extensions.Primitives;

namespace GpuPlatform.History.Queries;

/// <summary>What <c>/api/capacity/placement</c> was asked for.</summary>
internal static class PlacementQuery
{
    public const string Model = "model", Vram = "vram";

    public static (PlacementRequest? Wanted, Dictionary<string, string[]> Problems) Parse(IEnumerable<KeyValuePair<string, StringValues>> parameters)
    {
        var fields = new QueryFields(parameters);
        var model = fields.Text(Model, TextLimits.Model, "the name of a model");
        var vram = fields.Text(Vram, TextLimits.Version, ByteSize.Accepted);
        var bytes = vram is null ? null : ByteSize.Parse(vram);
        if (vram is not null && bytes is null)
            fields.Refuse(Vram, vram, ByteSize.Accepted);
        fields.RefuseOthers();
        if (fields.Problems.Count == 0 && model is null == vram is null)
            fields.Refuse(Model, model, $"give either {Model} or {Vram}");
        return fields.Problems.Count > 0 ? (null, fields.Problems) : (new PlacementRequest { Model = model, Bytes = bytes }, fields.Problems);
    }
}
