using Microsoft.Extensions.Options;

namespace GpuPlatform.Collector;

/// <summary>What a person got wrong in the configuration, as sentences instead of a stack trace.</summary>
internal static class StartProblems
{
    /// <summary>Validates every options class now; true when the service may start.</summary>
    public static bool NoneIn(IServiceProvider services, TextWriter output)
    {
        try
        {
            services.GetService<IStartupValidator>()?.Validate();
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

    internal static List<string> Describe(Exception exception) => exception switch
    {
        OptionsValidationException options => [.. options.Failures],
        AggregateException many => [.. many.InnerExceptions.SelectMany(Describe)],
        // The binder's own: a value that does not have the form of its type. Its message names the key
        InvalidOperationException { InnerException: FormatException or ArgumentException or OverflowException } binding =>
            [binding.Message.Contains(nameof(TimeSpan)) ? $"{binding.Message} Write hh:mm:ss, as in 00:00:02." : binding.Message],
        _ => [],
    };
}
