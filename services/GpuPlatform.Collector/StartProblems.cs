using System.Diagnostics.CodeAnalysis;
using GpuPlatform.ServiceDefaults.Settings;
using Microsoft.Extensions.Options;

namespace GpuPlatform.Collector;

/// <summary>What a person got wrong in the configuration, as sentences instead of a stack trace.</summary>
internal static class StartProblems
{
    /// <summary>Builds the service and validates its options now; false when the configuration cannot be used, of which everything is said.</summary>
    public static bool TryBuild(EffectiveSettings settings, Func<WebApplication> build, TextWriter output, [NotNullWhen(true)] out WebApplication? app)
    {
        app = null;
        var problems = settings.Problems.ToList();
        try
        {
            app = build();
            app.Services.GetService<IStartupValidator>()?.Validate();
        }
        catch (Exception e) when (Describe(e) is { Count: > 0 } more)
        {
            problems.AddRange(more.Select(settings.WithOrigins));
        }
        // The framework reads appsettings.json too, and says less about it
        catch (Exception e) when (problems.Count > 0 && e is (InvalidDataException or UnauthorizedAccessException))
        {
        }
        if (problems.Count == 0 && app is not null) return true;

        ((IDisposable?)app)?.Dispose();
        app = null;
        output.WriteLine("The configuration cannot be used:");
        foreach (var problem in problems) output.WriteLine($"  {problem}");
        output.WriteLine("--help lists every key, --print-config shows where each value comes from.");
        return false;
    }

    /// <summary>Runs the service to its end and returns the exit code; an address that cannot be listened on is said.</summary>
    public static async Task<int> RunAsync(WebApplication app, TextWriter output)
    {
        await using (app)
        {
            try
            {
                await app.StartAsync();
            }
            catch (Exception e) when (e is IOException or FormatException)
            {
                await output.WriteLineAsync($"The service cannot start: {e.Message}");
                return 1;
            }
            await app.WaitForShutdownAsync();
            return 0;
        }
    }

    internal static List<string> Describe(Exception exception) => exception switch
    {
        OptionsValidationException options => [.. options.Failures],
        AggregateException many => [.. many.InnerExceptions.SelectMany(Describe)],
        // What is looked at while the service is put together. Its message names the key
        InvalidOperationException unusable => [unusable.Message],
        _ => [],
    };
}
