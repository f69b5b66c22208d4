using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using GpuPlatform.Collector.Api;
using GpuPlatform.Collector.Metrics;
using GpuPlatform.Contracts;
using GpuPlatform.ServiceDefaults.Settings;

namespace GpuPlatform.Collector.Guard;

/// <summary>
/// <c>guard</c>, <c>yield [MINUTES] [GPU]</c> and <c>resume [MINUTES] [GPU]</c> on the command line: a call to the collector that runs, at the address that
/// the settings of both name. Settings may follow, as in <c>--urls=http://localhost:5102</c>.
/// </summary>
internal sealed class GuardCommand(string route, IReadOnlyList<string> arguments)
{
    private const string DefaultAddress = "http://localhost:5101";

    public static readonly IReadOnlyList<string> Usage =
    [
        "GpuPlatform.Collector guard                     shows to whom each GPU belongs, since when and why",
        "GpuPlatform.Collector yield [MINUTES] [GPU]     gives all GPUs away, or the one with this UUID; without minutes until resume",
        "GpuPlatform.Collector resume [MINUTES] [GPU]    gives them back to the models; with minutes nobody takes them so long",
    ];

    private const string Where = "The collector that runs is asked, at the address its settings say; --urls=http://localhost:5101 says another.";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly Dictionary<string, string> Commands = new(StringComparer.Ordinal) { ["guard"] = Routes.Guard, ["yield"] = Routes.GuardYield, ["resume"] = Routes.GuardResume };

    /// <summary>Null when the program is to run.</summary>
    public static GuardCommand? Find(string[] arguments) =>
        arguments is [var word, ..] && Commands.TryGetValue(word, out var route) ? new GuardCommand(route, arguments[1..]) : null;

    /// <summary>Returns the exit code.</summary>
    public async Task<int> RunAsync(TextWriter output, TextWriter errors)
    {
        var words = arguments.TakeWhile(argument => !argument.StartsWith("--", StringComparison.Ordinal)).ToList();
        var settings = EffectiveSettings.Read(CollectorSettings.Catalog, SettingsPlaces.OfThisProcess([.. arguments.Skip(words.Count)]));
        if (settings.Command == SettingsCommand.Help || words.Contains("-h"))
        {
            await WriteUsageAsync(output);
            return 0;
        }
        // What is wrong in files must keep nobody from taking a GPU back
        var problems = settings.Problems.Where(problem => problem.Contains("command line", StringComparison.Ordinal)).ToList();
        if (problems.Count > 0 || Read(words) is not { } request)
        {
            foreach (var problem in problems) await errors.WriteLineAsync(problem);
            await errors.WriteLineAsync("Expected is:");
            await WriteUsageAsync(errors);
            return 2;
        }
        return await AskAsync(AddressIn(settings), request, output, errors);
    }

    // Of several addresses the first; one for all of the host's is asked at loopback
    internal static Uri AddressIn(EffectiveSettings settings)
    {
        var first = settings.Values.GetValueOrDefault("urls")?.Value?.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).FirstOrDefault() ?? DefaultAddress;
        foreach (var all in (string[])["//*", "//+", "//0.0.0.0", "//[::]"]) first = first.Replace(all, "//localhost", StringComparison.Ordinal);
        return Uri.TryCreate(first, UriKind.Absolute, out var address) ? address : new Uri(DefaultAddress);
    }

    // A number is minutes, what has a hyphen is a GPU
    private GuardRequest? Read(List<string> words)
    {
        if (words.Count > (route == Routes.Guard ? 0 : 2)) return null;
        double? minutes = null;
        if (words is [var first, ..] && double.TryParse(first, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number))
        {
            minutes = number;
            words = words[1..];
        }
        return words switch
        {
            [] => new GuardRequest { Minutes = minutes },
            [var gpu] when gpu.Contains('-', StringComparison.Ordinal) => new GuardRequest { Minutes = minutes, GpuUuid = gpu },
            _ => null,
        };
    }

    private async Task<int> AskAsync(Uri address, GuardRequest request, TextWriter output, TextWriter errors)
    {
        // The collector is this host's: no proxy leads there
        using var http = new HttpClient(new HttpClientHandler { UseProxy = false }) { BaseAddress = address, Timeout = Patience };
        try
        {
            using var answer = route == Routes.Guard ? await http.GetAsync(new Uri(route, UriKind.Relative)) : await http.PostAsync(new Uri(route, UriKind.Relative), Body(request));
            var text = await answer.Content.ReadAsStringAsync();
            if (answer.IsSuccessStatusCode && JsonSerializer.Deserialize(text, ApiJson.Default.GuardReport) is { } report) return Write(output, report);
            await errors.WriteLineAsync($"The collector at {address} answers {(int)answer.StatusCode}: {Refusal(text)}");
        }
        // Somebody else may listen there, who answers in other words
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException or JsonException or InvalidOperationException)
        {
            await errors.WriteLineAsync($"The collector cannot be asked at {address}: {e.Message}");
        }
        return 1;
    }

    private static ByteArrayContent Body(GuardRequest request) => new(JsonSerializer.SerializeToUtf8Bytes(request, ApiJson.Default.GuardRequest))
    {
        Headers = { ContentType = new MediaTypeHeaderValue("application/json") },
    };

    // The sentences of a refusal, by field where there are fields
    private static string Refusal(string text)
    {
        using var document = JsonDocument.Parse(text);
        return document.RootElement is not { ValueKind: JsonValueKind.Object } problem ? text
            : problem.TryGetProperty("errors", out var fields) ? string.Join("; ", fields.EnumerateObject().Select(field => $"{field.Name}: {field.Value[0]}"))
            : problem.TryGetProperty("detail", out var detail) ? $"{detail}"
            : text;
    }

    private static async Task WriteUsageAsync(TextWriter output)
    {
        foreach (var line in (string[])[.. Usage, Where]) await output.WriteLineAsync(line);
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
