namespace GpuPlatform.Classifier.RuleFiles;

/// <summary>Brings the user's files into force, when asked and when the watch finds them changed.</summary>
internal sealed partial class RuleReload(ActiveRules active, UserRules rules, UserRuleFolder folder, ILogger<RuleReload> logger)
{
    private readonly Lock _gate = new();

    public string Folder => folder.Path;

    /// <summary>Looks at the folder. Never throws: what is wrong with it is one of the problems.</summary>
    public void Refresh(bool evenIfUnchanged = false)
    {
        lock (_gate)
        {
            var before = active.Book;
            try
            {
                if (folder.Look(evenIfUnchanged) is { } texts)
                    Apply(rules.Read(texts), before);
            }
            // Whatever it is, the rules in force stay, and whoever watches the folder goes on
            catch (Exception e)
            {
                var problem = $"{folder.Path} cannot be read: {e.Message}";
                if (before.Problems is not [var known] || known != problem)
                    Apply(before with { Problems = [problem] }, before);
            }
        }
    }

    private void Apply(RuleBook book, RuleBook before)
    {
        active.Replace(book);
        foreach (var problem in book.Problems.Except(before.Problems, StringComparer.Ordinal))
            Log.Refused(logger, problem);
        if (book.Origins.Count > 0 || before.Origins.Count > 0)
            Log.InForce(logger, book.Origins.Count, book.Rules.Rules.Count - book.Origins.Count, folder.Path);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "A rule file is not used as it is; its last good rules stay in force. {Problem}")]
        public static partial void Refused(ILogger logger, string problem);

        [LoggerMessage(2, LogLevel.Information, "In force are {UserRules} rules of {Folder} and {BuiltInRules} built-in ones")]
        public static partial void InForce(ILogger logger, int userRules, int builtInRules, string folder);
    }
}
