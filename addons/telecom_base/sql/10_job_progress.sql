-- How far jobs are (telecom.job.mixin). Written by a connection of its own while a job's transaction is open, so no foreign
-- key: it would wait for the record that the job holds.
create table if not exists telecom_job_progress (
    model text not null,
    record_id integer not null,
    percent integer not null,
    step text not null,
    at timestamptz not null default clock_timestamp(),
    primary key (model, record_id)
);
