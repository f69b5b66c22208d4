using GpuPlatform.Contracts;
using static GpuPlatform.Classifier.Rules.Match;

namespace GpuPlatform.Classifier.Rules.Tables;

/// <summary>Scientific and other computing, and what is left.</summary>
internal static class ComputeRules
{
    public static readonly Rule[] Table =
    [
        new("compute/science", WorkloadKind.Compute, 0.95, "a known scientific program",
            Any(Named("gmx", "gmx_mpi", "mdrun", "namd2", "namd3", "lmp", "lmp_gpu", "pmemd.cuda", "matlab", "hashcat", "hashcat.bin", "boinc",
                "foldingathome", "relion_refine", "ansys", "comsol", "openmm", "amber", "vasp_gpu", "quda", "rapids", "lammps"),
                NamedLike(@"^(fahcore_2.*|einstein.*|hsgamma.*|setiathome.*|pmemd\.cuda.*)$"))),
        new("compute/speech-or-vision", WorkloadKind.Compute, 0.85, "a speech or vision service",
            NamedLike(@"^(whisper-server|whisper-cli|faster-whisper.*|wyoming[-_.].*|piper|frigate(\..*)?|immich_ml|deepstack|codeproject\.ai.*)$")),
        new("compute/notebook", WorkloadKind.Compute, 0.7, "a notebook's kernel with a compute context",
            All(Named("ipykernel_launcher", "ipykernel", "jupyter-lab", "jupyter-notebook"), WithContext(GpuContext.Compute))),
        new("compute/script", WorkloadKind.Compute, 0.6, "a script computes on the GPU",
            All(WrittenIn("python", "julia", "r"), WithContext(GpuContext.Compute))),
        new("general/browser-engine", WorkloadKind.General, 0.7, "the GPU process of an application built on a browser engine",
            HasArgument("^--type=(gpu-process|renderer|utility)$")),
    ];
}
