using System.Text;

namespace GpuPlatform.Collector.Drm;

/// <summary>Goes through the clients of one card. A client whose file several processes hold is told once, of the one with the lowest pid.</summary>
internal sealed class DrmClients(string root, DrmCard card, KernelReader files)
{
    private const string Kind = "fdinfo";

    private readonly byte[] _prefix = Encoding.UTF8.GetBytes(Path.Combine(root, "proc") + "/");
    private readonly byte[] _busId = Encoding.UTF8.GetBytes(card.BusId);
    private readonly byte[] _path = new byte[4096];
    private readonly HashSet<ClientKey> _told = [];
    private IReadOnlyList<DrmFile> _list = [];
    private int _next;

    public void Begin(DrmFileList list)
    {
        (_list, _next) = (list.Files, 0);
        _told.Clear();
    }

    /// <summary>The next client, its text valid until the next read.</summary>
    public bool MoveNext(out int pid, out ClientKey key, out Fdinfo info)
    {
        while (_next < _list.Count)
        {
            var file = _list[_next++];
            if (file.Minor != card.CardMinor && file.Minor != card.RenderMinor)
                continue;
            var text = files.Read(ProcPath.Write(_path, _prefix, file.Pid, "/fdinfo/"u8, file.Handle), Kind);
            // The file may have been closed, and its number given to another
            if (!Fdinfo.TryParse(text, out info) || (!info.BusId.IsEmpty && !info.BusId.SequenceEqual(_busId)))
                continue;
            pid = file.Pid;
            key = info.ClientId is { } id ? new ClientKey(id, 0) : new ClientKey((ulong)file.Handle, pid);
            if (_told.Add(key))
                return true;
        }
        pid = 0;
        key = default;
        info = default;
        return false;
    }
}
