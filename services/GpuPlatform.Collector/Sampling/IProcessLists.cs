namespace GpuPlatform.Collector.Sampling;

/// <summary>The driver's lists of processes.</summary>
internal interface IProcessLists
{
    /// <summary>Reads them; while a game runs, which of the known processes have ended, and no more. False when it did not come to an end.</summary>
    bool LookAtProcesses();

    /// <summary>Finds out which of the known processes have ended, without their lists. False when it could not.</summary>
    /// <param name="isCertain">False: perhaps none has; the driver is asked nothing then.</param>
    bool LookForEnds(bool isCertain);
}
