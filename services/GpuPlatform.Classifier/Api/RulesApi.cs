using GpuPlatform.Classifier.RuleFiles;
using GpuPlatform.Classifier.Rules;
using GpuPlatform.Classifier.Rules.Reading;
using GpuPlatform.Contracts;
using GpuPlatform.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace GpuPlatform.Classifier.Api;

/// <summary>The rules in force, and "treat this program as …".</summary>
internal static class RulesApi
{
    private const string BuiltIn = "built-in";
    private const long MostBytes = 16 * 1024;
    private const int LongestText = 1024;

    public static void MapRules(this IEndpointRouteBuilder routes)
    {
        routes.MapGet(Routes.Rules, List)
            .UnderNamesOfThisHost()
            .WithName("rules")
            .WithSummary("The rules in force, in the order in which they are asked");
        routes.MapPost(Routes.Rules, AddAsync)
            .OnlyFromThisHost()
            .TakesJson<UserRuleRequest>()
            .Produces<RuleSummary>()
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable)
            .WithName("addRule")
            .WithSummary("Treats a program as what its user says")
            .WithDescription("Writes a rule of the user, which comes before the built-in ones and counts at once; an earlier one for the same match is replaced. Taken from this host only, under a name of this host, and from no page of another origin.");
        routes.MapDelete($"{Routes.Rules}/{{**name:minlength(1)}}", RemoveAsync)
            .OnlyFromThisHost()
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable)
            .WithName("removeRule")
            .WithSummary("Takes back a rule that POST has written");
    }

    private static Ok<RuleList> List(ActiveRules active)
    {
        var book = active.Book;
        return TypedResults.Ok(new RuleList { Rules = [.. book.Rules.Rules.Select(rule => Summary(rule, book))], Problems = book.Problems });
    }

    private static async Task<IResult> AddAsync(HttpContext http, UserRuleFile file, RuleReload reload, ActiveRules active)
    {
        var (root, refusal) = await JsonBody.ReadAsync(http, MostBytes);
        if (root is null)
            return refusal!;
        var problems = new Problems();
        var (match, kind) = Read(root, new NodeValues(problems, isTyped: true));
        if (problems.All.Count > 0)
            return JsonBody.Refuse(problems);
        return await AttemptAsync(async () =>
        {
            var name = await file.AddAsync(match, kind!.Value, http.RequestAborted);
            reload.Refresh(evenIfUnchanged: true);
            var book = active.Book;
            return book.Rules.Rules.FirstOrDefault(rule => rule.Name == name) is { } rule
                ? TypedResults.Ok(Summary(rule, book))
                : TypedResults.Problem($"The rule was written, but is not in force. {string.Join(' ', book.Problems)}", statusCode: StatusCodes.Status409Conflict);
        });
    }

    private static async Task<Results<NoContent, NotFound, ProblemHttpResult>> RemoveAsync(
        string name, UserRuleFile file, RuleReload reload, ActiveRules active, CancellationToken cancellation)
    {
        var book = active.Book;
        var answer = await AttemptAsync(async () =>
        {
            if (!await file.RemoveAsync(name, cancellation))
                return book.Origins.TryGetValue(name, out var other)
                    ? TypedResults.Problem($"{name} stands in {other}, which its owner edits.", statusCode: StatusCodes.Status409Conflict)
                    : book.Rules.Rules.Any(rule => rule.Name == name)
                        ? TypedResults.Problem($"{name} is built in; a rule of the user with this name takes its place.", statusCode: StatusCodes.Status409Conflict)
                        : TypedResults.NotFound();
            reload.Refresh(evenIfUnchanged: true);
            return TypedResults.NoContent();
        });
        return answer switch { NoContent done => done, NotFound missing => missing, var problem => (ProblemHttpResult)problem };
    }

    private static (UserRuleMatch Match, WorkloadKind? Kind) Read(Node root, NodeValues values)
    {
        var (match, kind) = (new UserRuleMatch(), (WorkloadKind?)null);
        var known = values.Known(root, "", ["match", "kind"]).ToList();
        foreach (var (key, _, value) in known)
        {
            if (key == "kind")
                kind = values.Word(value, key, Vocabulary.Kinds);
            else
                match = ReadMatch(value, values);
        }
        if (root is not MapNode map)
            return (match, kind);
        if (map["kind"] is null)
            values.Problems.Add(root, "kind", $"missing; accepted are {string.Join(", ", Vocabulary.Kinds.Keys)}");
        if (map["match"] is null or MapNode { Entries.Count: 0 })
            values.Problems.Add(root, "match", "missing; accepted is an object with at least one of name, exe and argument");
        return (match, kind);
    }

    private static UserRuleMatch ReadMatch(Node node, NodeValues values)
    {
        var match = new UserRuleMatch();
        foreach (var (key, _, value) in values.Known(node, "match", ["name", "exe", "argument"]))
        {
            var at = $"match.{key}";
            if (values.Text(value, at) is not { } text)
                continue;
            if (string.IsNullOrWhiteSpace(text) || text.Length > LongestText || text.Any(c => char.IsControl(c) || char.IsSurrogate(c)))
                values.Problems.Add(value, at, $"accepted are 1 to {LongestText} characters, none of them a control character or beyond Unicode's basic plane");
            match = key switch { "name" => match with { Name = text }, "exe" => match with { Exe = text }, _ => match with { Argument = text } };
        }
        if (match is { Exe: { } exe, Name: null, Argument: null } && ProgramName.Of(exe.Replace('\\', '/').ToLowerInvariant()) is { } program
            && (ProgramName.InterpreterOf(program) is not null || ProgramName.IsWineLoader(program) || ProgramName.IsLoader(program)))
            values.Problems.Add(node, "match.exe", $"{program} runs many programs; accepted is the path of a program of its own, or this with a name or an argument");
        return match;
    }

    private static async Task<IResult> AttemptAsync(Func<Task<IResult>> change)
    {
        try
        {
            return await change();
        }
        catch (InvalidOperationException e)
        {
            return TypedResults.Problem(e.Message, statusCode: StatusCodes.Status409Conflict);
        }
        catch (TimeoutException e)
        {
            return TypedResults.Problem(e.Message, statusCode: StatusCodes.Status503ServiceUnavailable);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return TypedResults.Problem($"The rule could not be written: {e.Message}", statusCode: StatusCodes.Status500InternalServerError);
        }
    }

    private static RuleSummary Summary(Rule rule, RuleBook book) => new()
    {
        Name = rule.Name,
        Kind = rule.Kind,
        Confidence = rule.Confidence,
        Says = rule.Says,
        Origin = book.Origins.GetValueOrDefault(rule.Name, BuiltIn),
    };
}
