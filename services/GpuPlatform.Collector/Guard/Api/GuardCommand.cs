using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using GpuPlatform.Collector.Api;
using GpuPlatform.Collector.Metrics;
using GpuPlatform.Contracts;
using GpuPlatform.ServiceDefaults.Settings;

namespace GpuPlatform.Collector.Guard;

/// <summary>
/// <c>guard</c>, <c>yield [MINUTES]</c> and <c>resume [MINUTES]</c> on the command line: a call to the collector that runs, at the address that the settings
/// of both name. Settings may follow, as in <c>--urls=http://localhost:5102</c>.
/// </summary>
internal sealed class GuardCommand(string route, IReadOnlyList<string> arguments)
{
    private const string DefaultAddress = "http://localhost:5101";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly Dictionary<string, string> Commands = new(StringComparer.Ordinal) { ["guard"] = Routes.Guard, ["yield"] = Routes.GuardYield, ["resume"] = Routes.GuardResume };

    /// <summary>Null when the program is to run.</summary>
    public static GuardCommand? Find(string[] arguments) =>
        arguments is [var word, ..] && Commands.TryGetValue(word, out var route) ? new GuardCommand(route, arguments[1..]) : null;

    /// <summary>Returns the exit code.</summary>
    public async Task<int> RunAsync(TextWriter output, TextWriter errors)
    {
        var own = arguments.TakeWhile(argument => !argument.StartsWith("--", StringComparison.Ordinal)).ToList();
        double? minutes = own.Count > 0 && double.TryParse(own[0], CultureInfo.InvariantCulture, out var number) ? number : null;
        if (own.Count > 1 || (own.Count == 1 && (minutes is null || route == Routes.Guard)))
        {
            await errors.WriteLineAsync("Expected is: guard, yield [MINUTES] or resume [MINUTES], and settings as in --urls=http://localhost:5101");
            return 2;
        }
        var settings = EffectiveSettings.Read(CollectorSettings.Catalog, SettingsPlaces.OfThisProcess([.. arguments.Skip(own.Count)]));
        var address = AddressIn(settings);
        using var http = new HttpClient { BaseAddress = address, Timeout = Patience };
        try
        {
            using var answer = await AskAsync(http, minutes);
            var text = await answer.Content.ReadAsStringAsync();
            if (answer.IsSuccessStatusCode) return Write(output, JsonSerializer.Deserialize(text, ApiJson.Default.GuardReport)!);
            await errors.WriteLineAsync($"The collector at {address} answers {(int)answer.StatusCode}: {text}");
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException or JsonException)
        {
            await errors.WriteLineAsync($"The collector cannot be asked at {address}: {e.Message}");
        }
        return 1;
    }

    // Of several addresses the first; one for all of the host's is asked at loopback
    internal static Uri AddressIn(EffectiveSettings settings)
    {
        var first = settings.Values.GetValueOrDefault("urls")?.Value?.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).FirstOrDefault() ?? DefaultAddress;
        foreach (var all in (string[])["//*", "//+", "//0.0.0.0", "//[::]"]) first = first.Replace(all, "//localhost", StringComparison.Ordinal);
        return Uri.TryCreate(first, UriKind.Absolute, out var address) ? address : new Uri(DefaultAddress);
    }

    private Task<HttpResponseMessage> AskAsync(HttpClient http, double? minutes)
    {
        if (route == Routes.Guard) return http.GetAsync(new Uri(route, UriKind.Relative));
        var body = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(new GuardRequest { Minutes = minutes }, ApiJson.Default.GuardRequest));
        body.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return http.PostAsync(new Uri(route, UriKind.Relative), body);
    }

    private static string Local(DateTimeOffset instant) => instant.ToLocalTime().ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    private static int Write(TextWriter output, GuardReport report)
    {
        foreach (var gpu in report.Gpus)
            output.WriteLine($"GPU {gpu.GpuIndex} ({gpu.GpuUuid}) is {WireWord.Of(gpu.State)} since {Local(gpu.Since)}: {gpu.Reason}"
                + (gpu.ManualUntil is { } until ? $", until {Local(until)}" : ""));
        if (report.Gpus.Count == 0) output.WriteLine("This host has no GPU.");
        if (report.HeldCount > 0) output.WriteLine($"{report.HeldCount} request(s) wait.");
        if (!report.Enabled) output.WriteLine("Nobody takes a GPU but by hand (Guard:Enabled is false).");
        foreach (var problem in report.Problems) output.WriteLine(problem);
        return 0;
    }
}
