using GpuPlatform.Classifier.RuleFiles;
using GpuPlatform.Classifier.Rules;
using GpuPlatform.Classifier.Rules.Reading;
using GpuPlatform.Contracts;

namespace GpuPlatform.Classifier.Api;

/// <summary>What the rules in force make of processes that somebody describes.</summary>
internal static class ClassifyApi
{
    private const int MostProcesses = 10_000;
    private const long MostBytes = 32L << 20;

    public static void MapClassify(this IEndpointRouteBuilder routes) => routes.MapPost(Routes.Classify, AnswerAsync)
        .TakesJson<ProcessDescriptor>()
        .Produces<ProcessVerdict>()
        .DescribeClassify(MostProcesses)
        .WithName("classify")
        .WithSummary("What kind of work a process is, and which rules say so")
        .WithDescription($"Takes one descriptor, or an array of at most {MostProcesses}, and answers likewise. Every field may be missing; one that is unknown or has another form is refused by name.");

    private static async Task<IResult> AnswerAsync(HttpContext http, ActiveRules rules)
    {
        var (root, refusal) = await JsonBody.ReadAsync(http, MostBytes);
        if (root is null)
            return refusal!;
        var problems = new Problems();
        if (root is ListNode { Items.Count: > MostProcesses } tooMany)
            problems.Add(root, "", $"has {tooMany.Items.Count} descriptors; accepted are at most {MostProcesses}");
        if (problems.All.Count > 0)
            return JsonBody.Refuse(problems);

        var reader = new DescriptorReader(new NodeValues(problems, isTyped: true));
        var set = rules.Current;
        if (root is not ListNode list)
        {
            var verdict = Answer(set, reader.Read(root, ""));
            return problems.All.Count > 0 ? JsonBody.Refuse(problems) : TypedResults.Ok(verdict);
        }
        var verdicts = list.Items.Select((item, index) => Answer(set, reader.Read(item, $"[{index}]"))).ToList();
        return problems.All.Count > 0 ? JsonBody.Refuse(problems) : TypedResults.Ok<IReadOnlyList<ProcessVerdict>>(verdicts);
    }

    private static ProcessVerdict Answer(RuleSet rules, ProcessEvidence process)
    {
        var verdict = rules.Classify(process);
        return new ProcessVerdict { Kind = verdict.Kind, Confidence = verdict.Confidence, Rules = verdict.Rules };
    }
}
