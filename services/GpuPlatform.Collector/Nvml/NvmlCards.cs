using GpuPlatform.Collector.Sampling;

namespace GpuPlatform.Collector.Nvml;

/// <summary>Every GPU that is known, from the kernel's tree or from the driver, and the list that is made of them.</summary>
internal sealed class NvmlCards(NvmlSettings settings) : IDisposable
{
    private readonly PciGpus _pci = new(settings.Root);
    private readonly List<NvmlCard> _cards = [];

    public bool AnyLost => _cards.Exists(card => card.IsLost);

    /// <summary>The kernel lists GPUs, and none of them may be opened now.</summary>
    public bool NoneWanted => _pci.Gpus.Count > 0 && !_cards.Exists(card => card is { Pci: not null, IsWanted: true });

    /// <summary>Reads the kernel's tree; true when GPUs came or went.</summary>
    public bool Refresh()
    {
        if (!_pci.Refresh())
            return false;
        _cards.RemoveAll(card => card.Pci is { } pci && !_pci.Gpus.Contains(pci));
        foreach (var pci in _pci.Gpus)
            if (!_cards.Exists(card => card.Pci == pci))
                _cards.Add(new NvmlCard(NewWatch()) { Pci = pci });
        return true;
    }

    /// <summary>Looks at the kernel's state of those that can sleep; true when something other than before is to be open.</summary>
    public bool Look()
    {
        var changed = false;
        foreach (var card in _cards)
        {
            card.Look();
            changed |= card.IsWanted != card.WasWanted || card.CanSleep != card.CouldSleep;
        }
        return changed;
    }

    public void MarkWanted() => _cards.ForEach(card => (card.WasWanted, card.CouldSleep) = (card.IsWanted, card.CanSleep));

    public void ForgetLost() => _cards.ForEach(card => card.IsLost = false);

    /// <summary>
    /// The GPUs to open, by address; null for all of them by index. Where one sleeps, or may fall asleep at any time, an index could be that one's.
    /// </summary>
    public List<PciGpu>? Chosen() =>
        _pci.Gpus.Count == 0 || _cards.TrueForAll(card => card is { IsWanted: true, CanSleep: false }) ? null
        : [.. _pci.Gpus.Where(pci => _cards.Exists(card => card.Pci == pci && card.IsWanted))];

    /// <summary>The GPUs whose events may be listened for: to listen keeps a GPU awake.</summary>
    public List<OpenGpu> ListenedTo(NvmlOpening opening) =>
        [.. opening.Gpus.Where(gpu => Find(gpu) is { CanSleep: false })];

    /// <summary>Every GPU in its place: those that are open, those that sleep and those that are lost.</summary>
    public IReadOnlyList<NvmlSeat> Seats(NvmlOpening? opening, XidLog xids)
    {
        var seats = new List<NvmlSeat>();
        var open = new HashSet<NvmlCard>();
        foreach (var gpu in opening?.Session is null ? [] : opening.Gpus)
        {
            var card = Claim(gpu);
            open.Add(card);
            seats.Add(new NvmlSeat(Numbered(gpu.Identity, seats), card, gpu.Gpu, xids));
        }
        Forget(opening, open);
        foreach (var card in _cards.Where(card => !open.Contains(card)))
            if (Vacant(card, opening, out var problem) is { } identity)
                seats.Add(new NvmlSeat(Numbered(identity, seats), card, gpu: null, xids, problem));
        return [.. seats.OrderBy(seat => seat.Identity.Index)];
    }

    public void Dispose() => _pci.Dispose();

    private NvmlCard Claim(OpenGpu gpu)
    {
        var card = Find(gpu);
        if (card is null)
            _cards.Add(card = new NvmlCard(NewWatch()) { WasWanted = true });
        card.Identity = gpu.Identity;
        card.IsLost = gpu.IsLost;
        return card;
    }

    private NvmlCard? Find(OpenGpu gpu) => _cards.Find(card => gpu.Address is not null && card.Pci?.Address == gpu.Address)
        ?? _cards.Find(card => card.Identity?.Uuid == gpu.Identity.Uuid);

    // A GPU without a place in the kernel's tree is gone when the driver lists only others
    private void Forget(NvmlOpening? opening, HashSet<NvmlCard> open)
    {
        if (opening is { Session: not null, Info.Missing: null })
            _cards.RemoveAll(card => card.Pci is null && !open.Contains(card));
    }

    // Null for a GPU that has no place in the list: it was never open, and the driver does not offer it
    private GpuIdentity? Vacant(NvmlCard card, NvmlOpening? opening, out string? problem)
    {
        problem = null;
        if (card.Sleep.Phase != SleepPhase.Open)
            return card.Identity ?? FromKernel(card.Pci!);
        if (opening is not null && IsAmong(opening.Lost, card))
            (card.IsLost, card.WasWanted) = (true, card.Pci is null);
        if (card.IsLost)
        {
            problem = NvmlStatusFunnel.Describe(NvmlStatus.GpuIsLost);
            return card.Identity ?? FromKernel(card.Pci!);
        }
        problem = opening?.Info.Missing ?? NvmlStatusFunnel.Describe(NvmlStatus.GpuNotFound);
        return opening?.Session is null ? null : card.Identity;
    }

    private static bool IsAmong(IReadOnlyList<string> lost, NvmlCard card) =>
        (card.Pci is { } pci && lost.Contains(pci.Address)) || (card.Identity is { } identity && lost.Contains(identity.Index.ToString()));

    private GpuIdentity FromKernel(PciGpu pci) =>
        new(_pci.Gpus.TakeWhile(other => other != pci).Count(), $"PCI-{pci.Address}", PciNames.Find(settings.Root, pci.DeviceId) ?? "NVIDIA GPU");

    // Kernel and driver may number differently, and no two GPUs may have one number
    private static GpuIdentity Numbered(GpuIdentity identity, List<NvmlSeat> others)
    {
        var index = identity.Index;
        while (others.Exists(other => other.Identity.Index == index))
            index++;
        return index == identity.Index ? identity : identity with { Index = index };
    }

    private SleepWatch NewWatch() => new(settings.IdleRelease, settings.Clock);
}
