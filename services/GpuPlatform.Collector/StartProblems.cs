using System.Diagnostics.CodeAnalysis;
using GpuPlatform.Collector.Nvml;
using Microsoft.Extensions.Options;

namespace GpuPlatform.Collector;

/// <summary>What a person got wrong in the configuration, as sentences instead of a stack trace.</summary>
internal static class StartProblems
{
    /// <summary>Builds the service and validates its options now; false when the configuration cannot be used, which is said.</summary>
    public static bool TryBuild(Func<WebApplication> build, TextWriter output, [NotNullWhen(true)] out WebApplication? app)
    {
        app = null;
        try
        {
            var built = build();
            built.Services.GetService<IStartupValidator>()?.Validate();
            RequiredNvml.Check(built.Services);
            app = built;
            return true;
        }
        catch (Exception e) when (Describe(e) is { Count: > 0 } problems)
        {
            output.WriteLine("The configuration cannot be used:");
            foreach (var problem in problems)
                output.WriteLine($"  {problem}");
            return false;
        }
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
        // The binder's own: an unknown key, or a value that does not have the form of its type. Its message names the key
        InvalidOperationException binding =>
            [binding.Message.Contains(nameof(TimeSpan)) ? $"{binding.Message} Write hh:mm:ss, as in 00:00:02." : binding.Message],
        _ => [],
    };
}
