using System;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql.EntityFrameworkCore.PostgreSQL.Metadata;

#nullable disable

namespace GpuPlatform.History.Storage.Migrations
{
    /// <inheritdoc />
    [DbContext(typeof(HistoryContext))]
    [Migration("20261121100000_LlmRequests")]
    public partial class LlmRequests : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "llm_trait",
                columns: table => new
                {
                    id = table.Column<int>(type: "integer", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    key = table.Column<Guid>(type: "uuid", nullable: false),
                    used_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    node_id = table.Column<string>(type: "character varying(128)", maxLength: 128, nullable: false),
                    server = table.Column<string>(type: "character varying(256)", maxLength: 256, nullable: false),
                    endpoint = table.Column<string>(type: "character varying(256)", maxLength: 256, nullable: false),
                    api = table.Column<string>(type: "character varying(32)", maxLength: 32, nullable: false),
                    operation = table.Column<string>(type: "character varying(256)", maxLength: 256, nullable: false),
                    model = table.Column<string>(type: "character varying(512)", maxLength: 512, nullable: true),
                    client = table.Column<string>(type: "character varying(256)", maxLength: 256, nullable: false),
                    client_source = table.Column<string>(type: "character varying(32)", maxLength: 32, nullable: false),
                    user_agent = table.Column<string>(type: "character varying(256)", maxLength: 256, nullable: true),
                    client_address = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: true),
                    process_name = table.Column<string>(type: "character varying(256)", maxLength: 256, nullable: true),
                    is_streaming = table.Column<bool>(type: "boolean", nullable: false),
                    is_remote = table.Column<bool>(type: "boolean", nullable: false),
                    is_load_only = table.Column<bool>(type: "boolean", nullable: false),
                    outcome = table.Column<string>(type: "character varying(32)", maxLength: 32, nullable: false),
                    status_code = table.Column<int>(type: "integer", nullable: true),
                    finish_reason = table.Column<string>(type: "character varying(256)", maxLength: 256, nullable: true),
                    is_estimated = table.Column<bool>(type: "boolean", nullable: false),
                    is_unparsed = table.Column<bool>(type: "boolean", nullable: false),
                    gpu_uuids = table.Column<string[]>(type: "text[]", nullable: false),
                },
                constraints: table => table.PrimaryKey("pk_llm_trait", x => x.id));
            migrationBuilder.CreateIndex(name: "ix_llm_trait_key", table: "llm_trait", column: "key", unique: true);
            migrationBuilder.CreateTable(
                name: "llm_request",
                columns: table => new
                {
                    request_id = table.Column<Guid>(type: "uuid", nullable: false),
                    started_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    process_started_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    request_bytes = table.Column<long>(type: "bigint", nullable: false),
                    response_bytes = table.Column<long>(type: "bigint", nullable: false),
                    trait_id = table.Column<int>(type: "integer", nullable: false),
                    pid = table.Column<int>(type: "integer", nullable: true),
                    prompt_tokens = table.Column<int>(type: "integer", nullable: true),
                    cached_tokens = table.Column<int>(type: "integer", nullable: true),
                    completion_tokens = table.Column<int>(type: "integer", nullable: true),
                    duration_ms = table.Column<float>(type: "real", nullable: false),
                    time_to_first_token_ms = table.Column<float>(type: "real", nullable: true),
                    time_to_first_visible_token_ms = table.Column<float>(type: "real", nullable: true),
                    time_per_output_token_ms = table.Column<float>(type: "real", nullable: true),
                    inter_token_p50_ms = table.Column<float>(type: "real", nullable: true),
                    inter_token_p95_ms = table.Column<float>(type: "real", nullable: true),
                    inter_token_p99_ms = table.Column<float>(type: "real", nullable: true),
                    load_ms = table.Column<float>(type: "real", nullable: true),
                    queue_ms = table.Column<float>(type: "real", nullable: true),
                    prefill_ms = table.Column<float>(type: "real", nullable: true),
                    decode_ms = table.Column<float>(type: "real", nullable: true),
                    energy_joules = table.Column<float>(type: "real", nullable: true),
                    idle_energy_joules = table.Column<float>(type: "real", nullable: true),
                    trace_id = table.Column<Guid>(type: "uuid", nullable: true),
                    error = table.Column<string>(type: "character varying(1024)", maxLength: 1024, nullable: true),
                },
                constraints: table => table.PrimaryKey("pk_llm_request", x => x.request_id));
            migrationBuilder.CreateIndex(name: "ix_llm_request_started_at", table: "llm_request", column: "started_at");
            migrationBuilder.CreateTable(
                name: "llm_content",
                columns: table => new
                {
                    request_id = table.Column<Guid>(type: "uuid", nullable: false),
                    started_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    request = table.Column<string>(type: "text", nullable: true),
                    response = table.Column<string>(type: "text", nullable: true),
                    request_headers = table.Column<string>(type: "jsonb", nullable: true),
                    is_truncated = table.Column<bool>(type: "boolean", nullable: false),
                },
                constraints: table => table.PrimaryKey("pk_llm_content", x => x.request_id));
            migrationBuilder.CreateIndex(name: "ix_llm_content_started_at", table: "llm_content", column: "started_at");
            migrationBuilder.CreateTable(
                name: "model_residency",
                columns: table => new
                {
                    node_id = table.Column<string>(type: "character varying(128)", maxLength: 128, nullable: false),
                    server = table.Column<string>(type: "character varying(256)", maxLength: 256, nullable: false),
                    model = table.Column<string>(type: "character varying(512)", maxLength: 512, nullable: false),
                    changed_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    change = table.Column<string>(type: "character varying(32)", maxLength: 32, nullable: false),
                    size_bytes = table.Column<long>(type: "bigint", nullable: true),
                    vram_bytes = table.Column<long>(type: "bigint", nullable: true),
                    context_length = table.Column<int>(type: "integer", nullable: true),
                    expires_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    load_ms = table.Column<double>(type: "double precision", nullable: true),
                    resident_ms = table.Column<double>(type: "double precision", nullable: true),
                    reason = table.Column<string>(type: "character varying(1024)", maxLength: 1024, nullable: true),
                },
                constraints: table => table.PrimaryKey("pk_model_residency", x => new { x.node_id, x.server, x.model, x.changed_at, x.change }));
            migrationBuilder.CreateIndex(name: "ix_model_residency_changed_at", table: "model_residency", column: "changed_at");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(name: "model_residency");
            migrationBuilder.DropTable(name: "llm_content");
            migrationBuilder.DropTable(name: "llm_request");
            migrationBuilder.DropTable(name: "llm_trait");
        }
    }
}
