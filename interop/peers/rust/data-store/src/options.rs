//! The command line.

use crate::Server;
use std::{str::FromStr, time::Duration};

pub const USAGE: &str = "usage: --host HOST --port PORT [--limit SECONDS] < SCRIPT
       --host HOST --port PORT [--limit SECONDS] --load SECONDS [--warmup SECONDS] [--connections N]
           [--reads TASKS] [--writes TASKS] [--keys N] [--value BYTES]";

pub struct Options {
    pub server: Server,
    pub task: Task,
}

pub enum Task {
    /// The operations on the standard input.
    Script,
    Load(Plan),
}

#[derive(Clone)]
pub struct Plan {
    pub time: Duration,
    /// Goes before `time` and is not counted.
    pub warmup: Duration,
    pub connections: usize,
    /// Tasks that read, one call at a time each.
    pub reads: usize,
    /// Tasks that write, one call at a time each.
    pub writes: usize,
    pub keys: usize,
    pub value_bytes: usize,
}

impl Options {
    pub fn parse(mut words: impl Iterator<Item = String>) -> Result<Self, String> {
        let (mut host, mut port) = (None, None);
        let mut limit = Duration::from_secs(30);
        let mut plan = Plan {
            time: Duration::ZERO,
            warmup: Duration::ZERO,
            connections: 1,
            reads: 0,
            writes: 0,
            keys: 1000,
            value_bytes: 64,
        };
        while let Some(option) = words.next() {
            let value = words.next().ok_or_else(|| format!("{option} needs a value"))?;
            match option.as_str() {
                "--host" => host = Some(value),
                "--port" => port = Some(number(&option, &value)?),
                "--limit" => limit = Duration::from_secs(number(&option, &value)?),
                "--load" => plan.time = Duration::from_secs(number(&option, &value)?),
                "--warmup" => plan.warmup = Duration::from_secs(number(&option, &value)?),
                "--connections" => plan.connections = positive(&option, &value)?,
                "--reads" => plan.reads = number(&option, &value)?,
                "--writes" => plan.writes = number(&option, &value)?,
                "--keys" => plan.keys = positive(&option, &value)?,
                "--value" => plan.value_bytes = positive(&option, &value)?,
                _ => return Err(format!("unknown option {option}")),
            }
        }
        let task = if plan.time.is_zero() { Task::Script } else { Task::Load(plan) };
        let (host, port) = (host.ok_or("--host is missing")?, port.ok_or("--port is missing")?);
        Ok(Self { server: Server { host, port, limit }, task })
    }
}

fn number<N: FromStr>(option: &str, value: &str) -> Result<N, String> {
    value.parse().map_err(|_| format!("{option} {value}: not a number in its range"))
}

fn positive(option: &str, value: &str) -> Result<usize, String> {
    match number(option, value)? {
        0 => Err(format!("{option} 0: expected at least 1")),
        count => Ok(count),
    }
}
