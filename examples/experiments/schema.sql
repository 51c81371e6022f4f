-- What the services write. The models read it and never change it.
create schema exp;

create table exp.experiments (
    id integer primary key,
    name text not null unique,
    description text not null,
    owner text not null,
    status text not null check (status in ('draft', 'running', 'paused', 'completed')),
    unit_type text not null,
    primary_metric text not null,
    started_at timestamptz,
    ended_at timestamptz,
    check (ended_at > started_at)
);

create table exp.policy_versions (
    id integer primary key,
    policy text not null,
    version text not null,
    status text not null check (status in ('candidate', 'active', 'retired')),
    parameters jsonb not null,
    created_at timestamptz not null,
    unique (policy, version)
);

create table exp.variants (
    id integer primary key,
    experiment_id integer not null references exp.experiments,
    name text not null,
    is_control boolean not null,
    allocation numeric not null check (allocation > 0 and allocation <= 1),
    policy_version_id integer not null references exp.policy_versions,
    unique (experiment_id, name)
);
create unique index on exp.variants (experiment_id) where is_control;

create table exp.assignments (
    experiment_id integer not null references exp.experiments,
    unit_id text not null,
    variant_id integer not null references exp.variants,
    assigned_at timestamptz not null,
    primary key (experiment_id, unit_id)
);

create table exp.events (
    id bigint primary key,
    event_type text not null,
    timestamp timestamptz not null,
    unit_id text not null,
    -- [{"experiment": 1, "variant": 2}, …]: those that the unit was in.
    experiments jsonb not null,
    -- session_id, policy_version_id, channel
    context jsonb not null,
    -- latency_ms, tokens_in, tokens_out, cost_usd, predicted_quality, rating, duration_s
    metrics jsonb not null,
    -- suggestion_id, constraint, severity, state, turn
    payload jsonb not null
);
create index on exp.events (timestamp);

create table exp.metric_aggregates (
    experiment_id integer not null references exp.experiments,
    variant_id integer not null references exp.variants,
    bucket_type text not null check (bucket_type in ('hour', 'day')),
    bucket_start timestamptz not null,
    metric_name text not null,
    count bigint not null,
    sum double precision not null,
    mean double precision not null,
    stddev double precision,
    min double precision not null,
    max double precision not null,
    primary key (experiment_id, variant_id, bucket_type, bucket_start, metric_name)
);

create table exp.offline_evaluations (
    id integer primary key,
    policy_version_id integer not null references exp.policy_versions,
    dataset text not null,
    metric_name text not null,
    value double precision not null,
    sample_size integer not null,
    evaluated_at timestamptz not null
);
