// A driver of BENCH_GPUS GPUs (8 unless told) that answers with constants, each call at the price BENCH_REPORTED_COST asks for, and the yardstick:
// the same calls in a bare loop. The prices are medians that were reported for a real driver; what was not reported is given the
// cheapest of them, so that the sampler's own share is rather overstated.
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { SUCCESS = 0, NOT_SUPPORTED = 3, INSUFFICIENT_SIZE = 7, VERSION_MISMATCH = 25, MEMORY_NS = 11600, CHEAPEST_NS = 2500 };

typedef struct { unsigned gpu, memory; } utilization_t;
typedef struct { unsigned version; unsigned long long total, reserved, free, used; } memory_v2_t;
typedef struct { unsigned version, sensor; int celsius; } temperature_t;
typedef struct { unsigned pid; unsigned long long used; unsigned instance, compute_instance; } process_t;

static int reported_cost = -1;
static int gpus = -1;

static void spend(long nanoseconds)
{
    struct timespec begin, now;
    if (reported_cost < 0)
        reported_cost = getenv("BENCH_REPORTED_COST") != NULL;
    if (!reported_cost)
        return;
    clock_gettime(CLOCK_MONOTONIC, &begin);
    do
        clock_gettime(CLOCK_MONOTONIC, &now);
    while ((now.tv_sec - begin.tv_sec) * 1000000000L + now.tv_nsec - begin.tv_nsec < nanoseconds);
}

static unsigned gpu_count(void)
{
    const char *text = getenv("BENCH_GPUS");
    return gpus >= 0 ? (unsigned)gpus : text != NULL ? (unsigned)atoi(text) : 8;
}

void bench_set_cost(int reported) { reported_cost = reported; }
void bench_set_gpus(int count) { gpus = count; }

int nvmlInit_v2(void) { return SUCCESS; }
int nvmlShutdown(void) { return SUCCESS; }
int nvmlDeviceGetCount_v2(unsigned *count) { *count = gpu_count(); return SUCCESS; }
int nvmlDeviceGetHandleByIndex_v2(unsigned index, uintptr_t *device) { *device = index + 1; return SUCCESS; }
int nvmlSystemGetDriverVersion(char *text, unsigned length) { snprintf(text, length, "580.65.06"); return SUCCESS; }
int nvmlSystemGetNVMLVersion(char *text, unsigned length) { snprintf(text, length, "12.580.65.06"); return SUCCESS; }
int nvmlSystemGetCudaDriverVersion_v2(int *version) { *version = 12080; return SUCCESS; }
int nvmlDeviceGetUUID(uintptr_t device, char *text, unsigned length) { snprintf(text, length, "GPU-%u", (unsigned)device - 1); return SUCCESS; }
int nvmlDeviceGetName(uintptr_t device, char *text, unsigned length) { snprintf(text, length, "NVIDIA Constant"); return SUCCESS; }

int nvmlDeviceGetUtilizationRates(uintptr_t device, utilization_t *rates)
{
    spend(CHEAPEST_NS);
    rates->gpu = 97;
    rates->memory = 41;
    return SUCCESS;
}

int nvmlDeviceGetMemoryInfo_v2(uintptr_t device, memory_v2_t *memory)
{
    spend(MEMORY_NS);
    if (memory->version != (sizeof(memory_v2_t) | 2 << 24))
        return VERSION_MISMATCH;
    memory->total = 24ULL << 30;
    memory->reserved = 1ULL << 30;
    memory->used = 20ULL << 30;
    memory->free = 3ULL << 30;
    return SUCCESS;
}

int nvmlDeviceGetTemperatureV(uintptr_t device, temperature_t *sensor)
{
    spend(CHEAPEST_NS);
    sensor->celsius = 66;
    return SUCCESS;
}

int nvmlDeviceGetPowerUsage(uintptr_t device, unsigned *milliwatts)
{
    spend(CHEAPEST_NS);
    *milliwatts = 417312;
    return SUCCESS;
}

int nvmlDeviceGetTotalEnergyConsumption(uintptr_t device, unsigned long long *millijoules)
{
    spend(CHEAPEST_NS);
    *millijoules = 123456789;
    return SUCCESS;
}

int nvmlDeviceGetEnforcedPowerLimit(uintptr_t device, unsigned *milliwatts)
{
    spend(CHEAPEST_NS);
    *milliwatts = 450000;
    return SUCCESS;
}

// The processes named in BENCH_PIDS, separated by commas
int nvmlDeviceGetComputeRunningProcesses_v3(uintptr_t device, unsigned *count, process_t *processes)
{
    const char *text = getenv("BENCH_PIDS");
    unsigned capacity = *count;
    spend(4491000);
    *count = 0;
    while (text != NULL && *text != 0)
    {
        if (*count < capacity)
            processes[*count] = (process_t){ (unsigned)strtoul(text, NULL, 10), 1ULL << 30, ~0u, ~0u };
        ++*count;
        text = strchr(text, ',');
        text = text == NULL ? NULL : text + 1;
    }
    return *count <= capacity ? SUCCESS : INSUFFICIENT_SIZE;
}

int nvmlDeviceGetGraphicsRunningProcesses_v3(uintptr_t device, unsigned *count, process_t *processes)
{
    spend(4491000);
    *count = 0;
    return SUCCESS;
}

// The yardstick. Returns what it read, so that nothing can be left out
unsigned long long bench_bare_tick(unsigned count)
{
    unsigned long long sum = 0;
    for (uintptr_t device = 1; device <= count; device++)
    {
        utilization_t rates;
        memory_v2_t memory = { .version = sizeof(memory_v2_t) | 2 << 24 };
        temperature_t sensor = { .version = sizeof(temperature_t) | 1 << 24 };
        unsigned milliwatts;
        unsigned long long millijoules;
        nvmlDeviceGetUtilizationRates(device, &rates);
        nvmlDeviceGetMemoryInfo_v2(device, &memory);
        nvmlDeviceGetTemperatureV(device, &sensor);
        nvmlDeviceGetPowerUsage(device, &milliwatts);
        nvmlDeviceGetTotalEnergyConsumption(device, &millijoules);
        sum += rates.gpu + memory.used + (unsigned)sensor.celsius + milliwatts + millijoules;
    }
    return sum;
}
