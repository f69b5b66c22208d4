namespace GpuPlatform.Collector.Nvml;

/// <summary>
/// One question to one GPU. What it has no answer to is not asked again while the session lasts: some drivers take milliseconds to say no.
/// "Not found" and "no data" are answers of the moment, as from an idle GPU, and are asked again.
/// </summary>
internal sealed class NvmlQuery(NvmlAnswers answers, string function)
{
    private int _absentSince = -1;

    public string Function => function;

    /// <summary>True when this GPU, driver or library has said that there is no answer.</summary>
    public bool IsAbsent => _absentSince == answers.Generation;

    /// <summary>False when there is no point in asking, now or ever.</summary>
    public bool IsOpen => !IsAbsent && !answers.IsGone;

    /// <summary>True when the answer can be used.</summary>
    public bool Accept(NvmlStatus status) => status == NvmlStatus.Success ? answers.CountAnswer() : Refuse(status);

    private bool Refuse(NvmlStatus status)
    {
        if (NvmlStatusFunnel.IsForGood(status))
            _absentSince = answers.Generation;
        answers.Judge(function, status);
        return false;
    }
}
