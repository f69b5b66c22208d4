using System.Runtime.InteropServices;
using System.Text;

namespace GpuPlatform.Collector.Nvml;

/// <summary>The NVML functions that find a GPU by its place on the bus; as optional as those of <see cref="NvmlApi"/>.</summary>
internal sealed unsafe class NvmlPciApi(NvmlLibrary library)
{
    private readonly delegate* unmanaged[Cdecl]<byte*, NvmlDevice*, NvmlStatus> _byBusId =
        (delegate* unmanaged[Cdecl]<byte*, NvmlDevice*, NvmlStatus>)library.Resolve(
            "nvmlDeviceGetHandleByPciBusId_v2", "nvmlDeviceGetHandleByPciBusId");
    private readonly delegate* unmanaged[Cdecl]<NvmlDevice, NvmlPlace*, NvmlStatus> _pciInfo =
        (delegate* unmanaged[Cdecl]<NvmlDevice, NvmlPlace*, NvmlStatus>)library.Resolve("nvmlDeviceGetPciInfo_v3", "nvmlDeviceGetPciInfo_v2");
    private readonly delegate* unmanaged[Cdecl]<NvmlDevice, uint*, NvmlStatus> _index =
        (delegate* unmanaged[Cdecl]<NvmlDevice, uint*, NvmlStatus>)library.Resolve("nvmlDeviceGetIndex");

    /// <summary><c>nvmlDeviceGetHandleByPciBusId_v2</c>: attaches this GPU and no other.</summary>
    public NvmlStatus DeviceByAddress(string address, out NvmlDevice device)
    {
        device = default;
        var text = Encoding.ASCII.GetBytes(address + '\0');
        fixed (byte* source = text)
        fixed (NvmlDevice* target = &device)
            return _byBusId == null ? NvmlStatus.FunctionNotFound : _byBusId(source, target);
    }

    /// <summary><c>nvmlDeviceGetPciInfo_v3</c>, written as the kernel writes it (<c>0000:01:00.0</c>); null unless it answered.</summary>
    public NvmlStatus Address(NvmlDevice device, out string? address)
    {
        var place = default(NvmlPlace);
        var status = _pciInfo == null ? NvmlStatus.FunctionNotFound : _pciInfo(device, &place);
        address = status == NvmlStatus.Success ? $"{place.Domain:x4}:{place.Bus:x2}:{place.Device:x2}.0" : null;
        return status;
    }

    /// <summary><c>nvmlDeviceGetIndex</c>: its number among all GPUs of the driver, those asleep too.</summary>
    public NvmlStatus Index(NvmlDevice device, out uint index)
    {
        index = 0;
        fixed (uint* target = &index)
            return _index == null ? NvmlStatus.FunctionNotFound : _index(device, target);
    }

    /// <summary><c>nvmlPciInfo_t</c>, 68 bytes, as far as it is read. Its own text has eight digits for the domain and no function.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 128)]
    private struct NvmlPlace
    {
        [FieldOffset(16)]
        public uint Domain;

        [FieldOffset(20)]
        public uint Bus;

        [FieldOffset(24)]
        public uint Device;
    }
}
