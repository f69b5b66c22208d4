using GpuPlatform.Contracts;

namespace GpuPlatform.Web.Readings;

/// <summary>A model in memory, in words.</summary>
internal static class ResidentWords
{
    /// <summary>Share of it that lies in GPU memory, 0–100 %; null when the server did not say.</summary>
    public static double? GpuShare(ResidentModel model) => Quantity.Share(model.VramBytes, model.SizeBytes);

    public static string Place(ResidentModel model) => GpuShare(model) switch
    {
        null => "GPU share not told",
        >= 99.5 => "100 % GPU",
        < 0.5 => "in RAM, no GPU",
        { } share => $"{Quantity.Percent(Math.Clamp(share, 1, 99))} GPU, rest in RAM",
    };

    /// <summary>Family, parameters, quantisation and context, as far as they are known.</summary>
    public static string Build(ResidentModel model) => string.Join(" · ", new[]
    {
        model.Family, model.ParameterSize, model.Quantization,
        model.ContextLength is { } context ? $"context {LlmFigure.Count(context)}" : null,
    }.Where(part => !string.IsNullOrEmpty(part)));

    /// <summary>When it leaves: Ollama keeps a model for a while after its last request.</summary>
    public static string Expiry(ResidentModel model, DateTimeOffset now) => model switch
    {
        { Stopping: true } => "is being unloaded",
        { ExpiresAt: null } => "stays until it is unloaded",
        { ExpiresAt: { } at } when at - now > TimeSpan.FromDays(365) => "stays until it is unloaded",
        { ExpiresAt: { } at } when at <= now => "is about to be unloaded",
        { ExpiresAt: { } at } => $"unloaded in {Quantity.Duration((at - now).TotalSeconds)} unless it is used",
    };
}
