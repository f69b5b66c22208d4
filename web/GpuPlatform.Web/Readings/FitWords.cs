using GpuPlatform.Contracts;

namespace GpuPlatform.Web.Readings;

/// <summary>Whether something fits, in words.</summary>
internal static class FitWords
{
    public static string Of(PlacementFit fit) => fit switch
    {
        PlacementFit.Resident => "is in memory there",
        PlacementFit.Now => "fits now",
        PlacementFit.AfterUnloading => "fits after unloading",
        PlacementFit.Later => "fits later",
        PlacementFit.Never => "never fits",
        _ => "not known",
    };

    /// <summary>For the style sheet.</summary>
    public static string Key(PlacementFit fit) => fit switch
    {
        PlacementFit.Resident or PlacementFit.Now => "good",
        PlacementFit.AfterUnloading or PlacementFit.Later => "warn",
        PlacementFit.Never => "bad",
        _ => "unknown",
    };

    /// <summary>The answer in a line: "qwen3:32b (20.0 GiB, measured) fits now on desk".</summary>
    public static string Best(RackPlacement placement)
    {
        if (placement.Nodes is not [var best, ..]) return "No host answers.";
        var need = $"{Quantity.Bytes(best.NeededBytes)}{(best.NeededFrom is NeedSource.Asked ? "" : $", {best.NeededFrom.ToString().ToLowerInvariant()}")}";
        var what = placement.Model is { } model ? $"{model} ({need})" : need;
        return placement.NodeId is null ? $"{what}: {Of(placement.Fit)} on any host that answers." : $"{what}: {Of(placement.Fit)}, on {placement.NodeId}.";
    }
}
