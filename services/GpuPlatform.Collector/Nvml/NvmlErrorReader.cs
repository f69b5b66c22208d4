using GpuPlatform.Contracts;

namespace GpuPlatform.Collector.Nvml;

/// <summary>Counters of errors and of time held back: from the fields, or from a call of their own where a library has no such field.</summary>
internal sealed unsafe class NvmlErrorReader(NvmlApi api, NvmlAnswers answers, NvmlDevice device)
{
    private const uint Corrected = 0;
    private const uint Uncorrected = 1;
    private const uint Volatile = 0;
    private const uint Aggregate = 1;
    private const uint PowerPolicy = 0;
    private const uint ThermalPolicy = 1;

    private readonly NvmlDetailApi _api = api.Details;
    private readonly NvmlQuery _replays = answers.Query("nvmlDeviceGetPcieReplayCounter");
    private readonly NvmlQuery _ecc = answers.Query("nvmlDeviceGetTotalEccErrors");
    private readonly NvmlQuery _rows = answers.Query("nvmlDeviceGetRemappedRows");
    private readonly NvmlQuery _violation = answers.Query("nvmlDeviceGetViolationStatus");

    public long? PcieReplayCount(NvmlFieldBatch fields)
    {
        if (!fields.Lacks(NvmlField.PcieReplays))
            return NvmlPlausible.Counter(fields.Integer(NvmlField.PcieReplays));
        return _replays.IsOpen && _replays.Accept(_api.PcieReplays.Read(device, out var count)) && count != uint.MaxValue ? count : null;
    }

    public long? ViolationNanoseconds(NvmlFieldBatch fields, NvmlField field)
    {
        if (!fields.Lacks(field))
            return NvmlPlausible.Counter(fields.Integer(field));
        var policy = field == NvmlField.PowerViolation ? PowerPolicy : ThermalPolicy;
        var violation = new NvmlViolation { ViolationNanoseconds = ulong.MaxValue };
        return _violation.IsOpen && _violation.Accept(_api.Violation.Read(device, policy, &violation))
            ? NvmlPlausible.Counter(violation.ViolationNanoseconds) : null;
    }

    /// <summary>Null on a GPU without error correction.</summary>
    public GpuEcc? Ecc(NvmlFieldBatch fields)
    {
        var rows = Rows(fields);
        var ecc = new GpuEcc
        {
            CorrectedVolatileCount = EccCount(fields, NvmlField.EccCorrectedVolatile, Corrected, Volatile),
            UncorrectedVolatileCount = EccCount(fields, NvmlField.EccUncorrectedVolatile, Uncorrected, Volatile),
            CorrectedAggregateCount = EccCount(fields, NvmlField.EccCorrectedAggregate, Corrected, Aggregate),
            UncorrectedAggregateCount = EccCount(fields, NvmlField.EccUncorrectedAggregate, Uncorrected, Aggregate),
            RetiredPagesCorrectedCount = Counter(fields, NvmlField.RetiredCorrected),
            RetiredPagesUncorrectedCount = Counter(fields, NvmlField.RetiredUncorrected),
            RetirementPending = NvmlPlausible.Flag(fields.Integer(NvmlField.RetirementPending)),
            RemappedRowsCorrectedCount = rows is { } a ? Known(a.CorrectedCount) : Counter(fields, NvmlField.RemappedCorrected),
            RemappedRowsUncorrectedCount = rows is { } b ? Known(b.UncorrectedCount) : Counter(fields, NvmlField.RemappedUncorrected),
            RemapPending = NvmlPlausible.Flag(rows?.IsPending ?? fields.Integer(NvmlField.RemapPending)),
            RemapFailed = NvmlPlausible.Flag(rows?.HasFailed ?? fields.Integer(NvmlField.RemapFailed)),
        };
        return ecc == new GpuEcc() ? null : ecc;
    }

    private long? EccCount(NvmlFieldBatch fields, NvmlField field, uint errorType, uint counterType)
    {
        if (!fields.Lacks(field))
            return Counter(fields, field);
        return _ecc.IsOpen && _ecc.Accept(_api.EccErrors.Read(device, errorType, counterType, out var count)) ? NvmlPlausible.Counter(count) : null;
    }

    private NvmlRemappedRows? Rows(NvmlFieldBatch fields) =>
        fields.Lacks(NvmlField.RemappedCorrected) && _rows.IsOpen && _rows.Accept(_api.RemappedRows.Read(device, out var rows)) ? rows : null;

    private static long? Counter(NvmlFieldBatch fields, NvmlField field) => NvmlPlausible.Counter(fields.Integer(field));

    private static long? Known(uint count) => count != uint.MaxValue ? count : null;
}
