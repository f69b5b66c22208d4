using GpuPlatform.Collector.Sampling;

namespace GpuPlatform.Collector.Drm;

/// <summary>GPUs of AMD and Intel through the files of Linux' graphics drivers. Cards that come and go are noticed every <paramref name="listInterval"/>.</summary>
internal sealed class DrmSource(DrmHost host, TimeSpan listInterval) : IGpuSource
{
    private readonly KernelReader _files = new(host.Errors, host.Read);
    private readonly GpuNames _names = new(host.Root);
    private List<DrmCard> _cards = [];
    private bool _wasRefused;
    private long? _listedAt;

    public SourceInfo Info { get; private set; } = Absent("AMD and Intel GPUs have not been looked for yet");

    public IReadOnlyList<IGpu> Gpus { get; private set; } = [];

    public bool Open()
    {
        if (_listedAt is { } at && host.Clock.GetElapsedTime(at) < listInterval)
            return Gpus.Count > 0;
        _listedAt = host.Clock.GetTimestamp();
        if (!OperatingSystem.IsLinux())
        {
            Info = Absent("AMD and Intel GPUs are read on Linux only");
            return false;
        }
        var listing = new DrmCards(host.Root, _files);
        var cards = listing.List();
        if (_wasRefused || !cards.SequenceEqual(_cards))
            Take(cards);
        Info = cards.Count > 0 ? new SourceInfo(SourceInfo.Drm) { DriverVersion = VersionOf(cards[0].Driver) }
            : Absent(Directory.Exists(listing.Folder) ? $"no AMD or Intel GPU with a driver is listed in {listing.Folder}"
                : $"no AMD or Intel GPU: {listing.Folder} does not exist, as on a host without a graphics driver and under WSL");
        return cards.Count > 0;
    }

    public void Dispose()
    {
        // No file is held open
    }

    private static SourceInfo Absent(string reason) => new(SourceInfo.None, reason) { IsAbsent = true };

    private void Take(List<DrmCard> cards)
    {
        _files.Begin();
        var gpus = new List<IGpu>();
        foreach (var card in cards)
        {
            var uuid = UuidOf(card);
            if (gpus.Exists(gpu => gpu.Identity.Uuid == uuid))
                uuid = $"PCI-{card.BusId}";
            var identity = new GpuIdentity(gpus.Count, uuid, _names.NameOf(card, Text(card, "product_name")));
            // A card that stayed keeps what it knows
            var index = _cards.IndexOf(card);
            gpus.Add(index >= 0 && index < Gpus.Count && Gpus[index].Identity == identity ? Gpus[index] : Create(card, identity));
        }
        _wasRefused = _files.Refused is not null;
        (_cards, Gpus) = (cards, gpus);
    }

    private IGpu Create(DrmCard card, GpuIdentity identity) => card.VendorId == DrmCard.Amd
        ? new AmdGpu(card, identity, VersionOf(card.Driver), host)
        : new IntelGpu(card, identity, VersionOf(card.Driver), host);

    // The driver has it in memory: on no kernel does this read touch the card, asleep or not
    private string UuidOf(DrmCard card) =>
        Text(card, "unique_id") is { Length: <= 32 } id && id.All(char.IsAsciiHexDigit) && id.Any(c => c != '0')
            ? $"AMD-{id.ToLowerInvariant()}" : $"PCI-{card.BusId}";

    private string? Text(DrmCard card, string name) => card.VendorId == DrmCard.Amd ? _files.Text(KernelFile.At(card.Device, name)) : null;

    // A driver that did not come with the kernel has a version of its own
    private string? VersionOf(string driver) =>
        _files.Text(KernelFile.At(Path.Combine(host.Root, "sys/module", driver), "version"))
        ?? _files.Text(KernelFile.At(Path.Combine(host.Root, "proc/sys/kernel"), "osrelease"));
}
