-- The tables as the release before the guard left them, by its migrations up to LlmRequests.
CREATE TABLE IF NOT EXISTS "__EFMigrationsHistory" (
    "MigrationId" character varying(150) NOT NULL,
    "ProductVersion" character varying(32) NOT NULL,
    CONSTRAINT "PK___EFMigrationsHistory" PRIMARY KEY ("MigrationId")
);

START TRANSACTION;
CREATE TABLE gpu (
    gpu_uuid character varying(96) NOT NULL,
    node_id character varying(128) NOT NULL,
    index integer NOT NULL,
    name character varying(256) NOT NULL,
    first_seen_at timestamp with time zone NOT NULL,
    last_seen_at timestamp with time zone NOT NULL,
    CONSTRAINT pk_gpu PRIMARY KEY (gpu_uuid)
);

CREATE TABLE gpu_process (
    node_id character varying(128) NOT NULL,
    pid integer NOT NULL,
    started_at timestamp with time zone NOT NULL,
    gpu_uuid character varying(96) NOT NULL,
    name character varying(256),
    executable_path character varying(4096),
    command_line text[],
    user_name character varying(256),
    ancestors text[],
    control_group character varying(4096),
    context character varying(32),
    memory_used_bytes bigint,
    peak_memory_used_bytes bigint,
    described_at timestamp with time zone,
    first_seen_at timestamp with time zone NOT NULL,
    last_seen_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone,
    CONSTRAINT pk_gpu_process PRIMARY KEY (node_id, pid, started_at, gpu_uuid)
);

CREATE TABLE gpu_sample (
    gpu_uuid character varying(96) NOT NULL,
    sampled_at timestamp with time zone NOT NULL,
    node_id character varying(128) NOT NULL,
    utilization_percent double precision,
    memory_utilization_percent double precision,
    memory_total_bytes bigint,
    memory_used_bytes bigint,
    memory_free_bytes bigint,
    memory_reserved_bytes bigint,
    temperature_celsius double precision,
    power_watts double precision,
    power_limit_watts double precision,
    error character varying(1024),
    CONSTRAINT pk_gpu_sample PRIMARY KEY (gpu_uuid, sampled_at)
);

CREATE TABLE host_sample (
    node_id character varying(128) NOT NULL,
    sampled_at timestamp with time zone NOT NULL,
    cpu_percent double precision,
    memory_total_bytes bigint,
    memory_used_bytes bigint,
    CONSTRAINT pk_host_sample PRIMARY KEY (node_id, sampled_at)
);

CREATE TABLE node (
    node_id character varying(128) NOT NULL,
    last_seen_at timestamp with time zone NOT NULL,
    logical_processor_count integer,
    collector_version character varying(64) NOT NULL,
    gpu_source character varying(64) NOT NULL,
    gpu_unavailable_reason character varying(1024),
    driver_version character varying(64),
    cuda_version character varying(64),
    nvml_version character varying(64),
    messages_queued bigint NOT NULL,
    messages_dropped bigint NOT NULL,
    CONSTRAINT pk_node PRIMARY KEY (node_id)
);

CREATE TABLE process_verdict (
    node_id character varying(128) NOT NULL,
    pid integer NOT NULL,
    started_at timestamp with time zone NOT NULL,
    kind character varying(32) NOT NULL,
    confidence double precision NOT NULL,
    rule character varying(256) NOT NULL,
    reason character varying(1024) NOT NULL,
    observed_at timestamp with time zone NOT NULL,
    CONSTRAINT pk_process_verdict PRIMARY KEY (node_id, pid, started_at)
);

CREATE INDEX ix_gpu_process_first_seen_at ON gpu_process (first_seen_at);

CREATE INDEX ix_gpu_process_open ON gpu_process (node_id) WHERE ended_at IS NULL;

CREATE INDEX ix_gpu_sample_sampled_at ON gpu_sample USING brin (sampled_at);

CREATE INDEX ix_host_sample_sampled_at ON host_sample USING brin (sampled_at);

INSERT INTO "__EFMigrationsHistory" ("MigrationId", "ProductVersion")
VALUES ('20261121043709_Initial', '10.0.14');

COMMIT;

START TRANSACTION;
DROP INDEX ix_gpu_process_open;

CREATE INDEX ix_gpu_process_ended_at_node_id ON gpu_process (ended_at, node_id);

ALTER TABLE gpu_sample ADD lists_processes boolean NOT NULL DEFAULT FALSE;

INSERT INTO "__EFMigrationsHistory" ("MigrationId", "ProductVersion")
VALUES ('20261121052000_ProcessLists', '10.0.14');

COMMIT;

START TRANSACTION;
ALTER TABLE gpu_process ADD runtime character varying(32);

ALTER TABLE gpu_process ADD container_id character varying(4096);

ALTER TABLE gpu_process ADD pod_uid character varying(64);

ALTER TABLE gpu_process ADD unit character varying(4096);

ALTER TABLE gpu_process ADD application_id character varying(4096);

ALTER TABLE gpu_process ADD environment jsonb;

INSERT INTO "__EFMigrationsHistory" ("MigrationId", "ProductVersion")
VALUES ('20261121080000_ProcessScope', '10.0.14');

COMMIT;

START TRANSACTION;
ALTER TABLE gpu ADD state character varying(32) NOT NULL DEFAULT 'active';

ALTER TABLE gpu ADD parent_uuid character varying(96);

ALTER TABLE gpu ADD memory_is_shared boolean NOT NULL DEFAULT FALSE;

ALTER TABLE gpu_sample ADD energy_joules double precision;

ALTER TABLE gpu_sample ADD state character varying(32);

ALTER TABLE gpu_process ADD sm_percent double precision;

ALTER TABLE gpu_process ADD memory_percent double precision;

ALTER TABLE gpu_process ADD encoder_percent double precision;

ALTER TABLE gpu_process ADD decoder_percent double precision;

ALTER TABLE gpu_process ADD utilization_read_at timestamp with time zone;

ALTER TABLE host_sample ADD task_count integer;

ALTER TABLE host_sample ADD load_average_1_minute double precision;

ALTER TABLE host_sample ADD load_average_5_minutes double precision;

ALTER TABLE host_sample ADD load_average_15_minutes double precision;

ALTER TABLE host_sample ADD average_gpu_utilization_percent double precision;

ALTER TABLE node ADD problems text[] NOT NULL DEFAULT ARRAY[]::text[];

ALTER TABLE node ADD game_mode boolean NOT NULL DEFAULT FALSE;

CREATE TABLE gpu_detail (
    gpu_uuid character varying(96) NOT NULL,
    sampled_at timestamp with time zone NOT NULL,
    node_id character varying(128) NOT NULL,
    graphics_clock_megahertz double precision,
    sm_clock_megahertz double precision,
    memory_clock_megahertz double precision,
    fan_speed_percent double precision,
    memory_temperature_celsius double precision,
    hotspot_temperature_celsius double precision,
    performance_state integer,
    is_power_throttled boolean,
    is_thermal_throttled boolean,
    encoder_utilization_percent double precision,
    decoder_utilization_percent double precision,
    pcie_received_bytes bigint,
    pcie_sent_bytes bigint,
    pcie_replay_count bigint,
    ecc_corrected_count bigint,
    ecc_uncorrected_count bigint,
    xid_count bigint,
    CONSTRAINT pk_gpu_detail PRIMARY KEY (gpu_uuid, sampled_at)
);

CREATE INDEX ix_gpu_detail_sampled_at ON gpu_detail USING brin (sampled_at);

CREATE TABLE gpu_latest_detail (
    gpu_uuid character varying(96) NOT NULL,
    read_at timestamp with time zone NOT NULL,
    document jsonb NOT NULL,
    CONSTRAINT pk_gpu_latest_detail PRIMARY KEY (gpu_uuid)
);

INSERT INTO "__EFMigrationsHistory" ("MigrationId", "ProductVersion")
VALUES ('20261121090000_GpuDetails', '10.0.14');

COMMIT;

START TRANSACTION;
CREATE TABLE llm_trait (
    id integer GENERATED BY DEFAULT AS IDENTITY,
    key uuid NOT NULL,
    used_at timestamp with time zone NOT NULL,
    node_id character varying(128) NOT NULL,
    server character varying(256) NOT NULL,
    endpoint character varying(256) NOT NULL,
    api character varying(32) NOT NULL,
    operation character varying(256) NOT NULL,
    model character varying(512),
    client character varying(256) NOT NULL,
    client_source character varying(32) NOT NULL,
    user_agent character varying(256),
    client_address character varying(64),
    process_name character varying(256),
    is_streaming boolean NOT NULL,
    is_remote boolean NOT NULL,
    is_load_only boolean NOT NULL,
    outcome character varying(32) NOT NULL,
    status_code integer,
    finish_reason character varying(256),
    is_estimated boolean NOT NULL,
    is_unparsed boolean NOT NULL,
    gpu_uuids text[] NOT NULL,
    CONSTRAINT pk_llm_trait PRIMARY KEY (id)
);

CREATE UNIQUE INDEX ix_llm_trait_key ON llm_trait (key);

CREATE TABLE llm_request (
    request_id uuid NOT NULL,
    started_at timestamp with time zone NOT NULL,
    process_started_at timestamp with time zone,
    request_bytes bigint NOT NULL,
    response_bytes bigint NOT NULL,
    trait_id integer NOT NULL,
    pid integer,
    prompt_tokens integer,
    cached_tokens integer,
    completion_tokens integer,
    duration_ms real NOT NULL,
    time_to_first_token_ms real,
    time_to_first_visible_token_ms real,
    time_per_output_token_ms real,
    inter_token_p50_ms real,
    inter_token_p95_ms real,
    inter_token_p99_ms real,
    load_ms real,
    queue_ms real,
    prefill_ms real,
    decode_ms real,
    energy_joules real,
    idle_energy_joules real,
    trace_id uuid,
    error character varying(1024),
    CONSTRAINT pk_llm_request PRIMARY KEY (request_id)
);

CREATE INDEX ix_llm_request_started_at ON llm_request (started_at);

CREATE TABLE llm_content (
    request_id uuid NOT NULL,
    started_at timestamp with time zone NOT NULL,
    request text,
    response text,
    request_headers jsonb,
    is_truncated boolean NOT NULL,
    CONSTRAINT pk_llm_content PRIMARY KEY (request_id)
);

CREATE INDEX ix_llm_content_started_at ON llm_content (started_at);

CREATE TABLE model_residency (
    node_id character varying(128) NOT NULL,
    server character varying(256) NOT NULL,
    model character varying(512) NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    change character varying(32) NOT NULL,
    size_bytes bigint,
    vram_bytes bigint,
    context_length integer,
    expires_at timestamp with time zone,
    load_ms double precision,
    resident_ms double precision,
    reason character varying(1024),
    CONSTRAINT pk_model_residency PRIMARY KEY (node_id, server, model, changed_at, change)
);

CREATE INDEX ix_model_residency_changed_at ON model_residency (changed_at);

INSERT INTO "__EFMigrationsHistory" ("MigrationId", "ProductVersion")
VALUES ('20261121100000_LlmRequests', '10.0.14');

COMMIT;

