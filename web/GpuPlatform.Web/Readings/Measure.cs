namespace GpuPlatform.Web.Readings;

/// <summary>What a line chart can show.</summary>
public record Measure(string Key, string Label, string Unit, double? Max, int Decimals)
{
    public static readonly Measure TokenRate = new("token-rate", "Rate", "tok/s", null, 0);
}
