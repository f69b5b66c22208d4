using System.Globalization;
using System.Text;
using GpuPlatform.Contracts;

namespace GpuPlatform.Tests.Classifier.HeldOut;

/// <summary>How well verdicts agree with labels.</summary>
internal sealed class Scoreboard
{
    private readonly List<(HeldOutProcess Process, WorkloadKind Given, string Rule)> _answers = [];

    public void Add(HeldOutProcess process, WorkloadKind given, string rule) => _answers.Add((process, given, rule));

    public double Accuracy => Share(_answers.Count(IsRight), _answers.Count);

    /// <summary>The mean of the kinds' F1, whatever their number of lines.</summary>
    public double MacroF1 => _answers.Select(answer => answer.Process.Expected).Distinct().Average(F1);

    /// <summary>Of the lines of desktop, browser, launcher, Electron and helper, the share that was called a game.</summary>
    public double FalseGamingShare
    {
        get
        {
            var quiet = _answers.Where(answer => answer.Process.Group is not null).ToList();
            return Share(quiet.Count(answer => answer.Given == WorkloadKind.Gaming), quiet.Count);
        }
    }

    /// <summary>The figures, the kinds, what was taken for what, and every wrong line.</summary>
    public string Describe()
    {
        var text = new StringBuilder().AppendLine(CultureInfo.InvariantCulture,
            $"{_answers.Count} lines: accuracy {Accuracy:P2}, macro-F1 {MacroF1:F4}, false gaming {FalseGamingShare:P2}");
        foreach (var kind in _answers.GroupBy(answer => answer.Process.Expected).OrderBy(group => group.Key))
        {
            var confused = kind.Where(answer => !IsRight(answer)).GroupBy(answer => answer.Given).Select(given => $"{given.Count()} {given.Key}");
            text.AppendLine(CultureInfo.InvariantCulture, $"  {kind.Key,-16} F1 {F1(kind.Key):F3} of {kind.Count()} lines; wrong: {string.Join(", ", confused)}");
        }
        foreach (var (process, given, rule) in _answers.Where(answer => !IsRight(answer)))
            text.AppendLine(CultureInfo.InvariantCulture,
                $"  {process.Expected} was called {given} by {rule}: {process.Name} | {process.Exe} | {string.Join(' ', process.Cmdline ?? [])} ({process.Why})");
        return text.ToString();
    }

    private double F1(WorkloadKind kind)
    {
        var right = _answers.Count(answer => answer.Process.Expected == kind && IsRight(answer));
        var missed = _answers.Count(answer => answer.Process.Expected == kind && !IsRight(answer));
        var wrongly = _answers.Count(answer => answer.Given == kind && !IsRight(answer));
        return Share(2 * right, 2 * right + missed + wrongly);
    }

    private static bool IsRight((HeldOutProcess Process, WorkloadKind Given, string Rule) answer) =>
        answer.Given == answer.Process.Expected || answer.Process.OrElse.Contains(answer.Given);

    private static double Share(int part, int whole) => whole == 0 ? 0 : (double)part / whole;
}
