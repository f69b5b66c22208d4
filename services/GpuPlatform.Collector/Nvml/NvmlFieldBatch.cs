namespace GpuPlatform.Collector.Nvml;

/// <summary>All fields of a GPU in one driver call. A field the GPU does not have is asked once and dropped.</summary>
internal sealed class NvmlFieldBatch(NvmlApi api, NvmlAnswers answers, NvmlDevice device)
{
    private const string Function = "nvmlDeviceGetFieldValues";

    // What the library leaves as it was it has not answered
    private const NvmlStatus Unwritten = (NvmlStatus)(-1);
    private const uint AllLinks = uint.MaxValue;

    private static readonly NvmlField[] All = Enum.GetValues<NvmlField>();

    private readonly NvmlQuery _query = answers.Query(Function);
    private readonly NvmlField[] _fields = new NvmlField[All.Length];
    private readonly NvmlFieldValue[] _values = new NvmlFieldValue[All.Length];
    private int _count;
    private int _generation = -1;

    /// <summary>Reads what is still asked for. Until the next reading the answers are in <see cref="Integer"/> and <see cref="Number"/>.</summary>
    public void Read()
    {
        if (_generation != answers.Generation)
        {
            (_generation, _count) = (answers.Generation, All.Length);
            All.CopyTo(_fields, 0);
        }
        for (var i = 0; i < _count; i++)
            _values[i] = Request(_fields[i]);
        if (_count == 0 || !_query.IsOpen)
            return;
        if (_query.Accept(api.Details.Fields.Read(device, _values.AsSpan(0, _count))))
            Judge();
        else
            Array.Clear(_values);
    }

    /// <summary>True when the field is not asked for, because the GPU does not have it or the library has no fields at all.</summary>
    public bool Lacks(NvmlField field) => _query.IsAbsent || Array.IndexOf(_fields, field, 0, _count) < 0;

    public long? Integer(NvmlField field) => Find(field)?.Integer;

    public double? Number(NvmlField field) => Find(field)?.Number;

    private static NvmlFieldValue Request(NvmlField field) => new()
    {
        FieldId = (uint)field,
        ScopeId = IsPerLink(field) ? AllLinks : 0,
        ValueType = uint.MaxValue,
        Status = Unwritten,
    };

    // The scope of a link's counter is the link's number; that of a power reading is 0, the GPU
    private static bool IsPerLink(NvmlField field) => field is NvmlField.NvLinkSentKibibytes or NvmlField.NvLinkReceivedKibibytes
        or NvmlField.NvLink5SentBytes or NvmlField.NvLink5ReceivedBytes;

    private void Judge()
    {
        var kept = 0;
        for (var i = 0; i < _count; i++)
        {
            var (field, value) = (_fields[i], _values[i]);
            // The whole call was accepted, so an invalid argument is the field: this driver does not know its number
            var status = value.FieldId != (uint)field ? Unwritten
                : value.Status == NvmlStatus.InvalidArgument ? NvmlStatus.NotSupported : value.Status;
            if (status != NvmlStatus.Success && !answers.IsGone)
                answers.Judge($"{Function}/{(uint)field}", status);
            else if (!value.IsOfKnownType)
                answers.CountImplausible($"{Function}/{(uint)field}");
            if (NvmlStatusFunnel.IsForGood(status))
                continue;
            (_fields[kept], _values[kept]) = (field, value with { Status = status });
            kept++;
        }
        _count = kept;
    }

    private NvmlFieldValue? Find(NvmlField field) =>
        Array.IndexOf(_fields, field, 0, _count) is >= 0 and var i && _values[i].FieldId == (uint)field && _values[i].Status == NvmlStatus.Success
            ? _values[i] : null;
}
