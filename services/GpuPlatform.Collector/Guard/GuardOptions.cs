using Microsoft.Extensions.Options;

namespace GpuPlatform.Collector.Guard;

/// <summary>Configuration section <c>Guard</c>: to whom a GPU belongs, and how it changes hands.</summary>
internal sealed class GuardOptions : IValidateOptions<GuardOptions>
{
    public const string Section = "Guard";

    /// <summary>False: nothing but a person takes a GPU from the models.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>Kinds of work that take the GPU, with commas between; <c>unknown-heavy</c> is work of no known kind that draws a lot.</summary>
    public string Kinds { get; set; } = $"gaming, rendering, ml-training, {TakerKinds.UnknownHeavyWord}";

    /// <summary>A process of these kinds takes it from this much memory on.</summary>
    public long TakeMemoryBytes { get; set; } = 128L << 20;

    /// <summary>Or from this share of time its kernels run, whatever its memory.</summary>
    public double TakeSmPercent { get; set; } = 20;

    /// <summary>Memory from which work of no known kind may count as heavy.</summary>
    public long HeavyMemoryBytes { get; set; } = 2L << 30;

    /// <summary>Share of time its kernels must run besides.</summary>
    public double HeavySmPercent { get; set; } = 20;

    /// <summary>For how long both.</summary>
    public TimeSpan HeavyFor { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Programs that never take a GPU: names, paths, or folders with a slash at the end, with commas between.</summary>
    public string Ignore { get; set; } = "";

    /// <summary>Programs that always do, whatever they draw.</summary>
    public string Exclusive { get; set; } = "";

    /// <summary>How long a process must be there before it takes the GPU.</summary>
    public TimeSpan StartDebounce { get; set; } = TimeSpan.FromMilliseconds(200);

    /// <summary>How long the GPU must be free before the models have it back.</summary>
    public TimeSpan EndDebounce { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How long the classifier is waited for; after that whoever is foreign counts.</summary>
    public TimeSpan NoVerdictAfter { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Hours of the day, by the host's clock, in which no model runs, as in <c>22:00-07:00</c>, with commas between.</summary>
    public string QuietHours { get; set; } = "";

    /// <summary>How long requests under way may go on when the GPU is taken; zero cancels them at once.</summary>
    public TimeSpan DrainFor { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>What becomes of requests that come meanwhile: <c>hold</c>, <c>refuse</c> or <c>cpu</c>.</summary>
    public string Waiting { get; set; } = "hold";

    /// <summary>How long each step of making the models leave may take before the next one is taken.</summary>
    public TimeSpan StepTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Whether the process of a model that does not leave may be asked to end (SIGTERM).</summary>
    public bool AllowTerminate { get; set; }

    /// <summary>Whether it may be ended (SIGKILL).</summary>
    public bool AllowKill { get; set; }

    /// <summary>Whether models come back that would still be there had nobody taken the GPU.</summary>
    public bool Warm { get; set; } = true;

    /// <summary>Temperature from which a GPU is spared, in °C.</summary>
    public double ThrottleCelsius { get; set; } = 85;

    /// <summary>By how much it must be cooler before it no longer is, in °C.</summary>
    public double ThrottleHysteresisCelsius { get; set; } = 5;

    /// <summary>Generations that may be under way meanwhile.</summary>
    public int ThrottleLimit { get; set; } = 1;

    /// <summary>How long that is tried before no new one may begin.</summary>
    public TimeSpan ThrottleHoldAfter { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary><see cref="Waiting"/> as the gate knows it.</summary>
    public WaitingPolicy WaitingPolicy => Enum.Parse<WaitingPolicy>(Waiting, ignoreCase: true);

    public ValidateOptionsResult Validate(string? name, GuardOptions options)
    {
        var problems = new ValidateOptionsResultBuilder();
        if (TakerKinds.Problem(options.Kinds) is { } kinds) problems.AddError($"Guard:Kinds {kinds}");
        if (Guard.QuietHours.Problem(options.QuietHours) is { } hours) problems.AddError($"Guard:QuietHours {hours}");
        if (options.Waiting is not ("hold" or "refuse" or "cpu"))
            problems.AddError($"Guard:Waiting is '{options.Waiting}'; accepted are hold, refuse and cpu");
        if (options is { AllowKill: true, AllowTerminate: false })
            problems.AddError("Guard:AllowKill is true, but Guard:AllowTerminate is false; accepted is to allow the first only with the second");
        CheckNumbers(problems, options);
        CheckTimes(problems, options);
        return problems.Build();
    }

    private static void CheckNumbers(ValidateOptionsResultBuilder problems, GuardOptions options)
    {
        Check("TakeMemoryBytes", options.TakeMemoryBytes, 0, 1L << 50);
        Check("TakeSmPercent", options.TakeSmPercent, 0, 100);
        Check("HeavyMemoryBytes", options.HeavyMemoryBytes, 0, 1L << 50);
        Check("HeavySmPercent", options.HeavySmPercent, 0, 100);
        Check("ThrottleCelsius", options.ThrottleCelsius, 40, 120);
        Check("ThrottleHysteresisCelsius", options.ThrottleHysteresisCelsius, 1, 30);
        Check("ThrottleLimit", options.ThrottleLimit, 1, 64);

        void Check(string key, double value, double least, double most)
        {
            // Not a number is neither above nor below anything
            if (!(value >= least && value <= most)) problems.AddError($"Guard:{key} is {value}; accepted are {least} to {most}");
        }
    }

    private static void CheckTimes(ValidateOptionsResultBuilder problems, GuardOptions options)
    {
        Check("HeavyFor", options.HeavyFor, TimeSpan.Zero, TimeSpan.FromMinutes(10));
        Check("StartDebounce", options.StartDebounce, TimeSpan.Zero, TimeSpan.FromSeconds(1));
        Check("EndDebounce", options.EndDebounce, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1));
        Check("NoVerdictAfter", options.NoVerdictAfter, TimeSpan.FromMilliseconds(500), TimeSpan.FromMinutes(1));
        Check("DrainFor", options.DrainFor, TimeSpan.Zero, TimeSpan.FromHours(1));
        Check("StepTimeout", options.StepTimeout, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(10));
        Check("ThrottleHoldAfter", options.ThrottleHoldAfter, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1));

        void Check(string key, TimeSpan value, TimeSpan least, TimeSpan most)
        {
            if (value < least || value > most) problems.AddError($"Guard:{key} is {value}; accepted are {least} to {most}");
        }
    }
}
