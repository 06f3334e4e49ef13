//! The command line.

use std::{str::FromStr, time::Duration};

pub const USAGE: &str = "usage: --host HOST --port PORT [--limit SECONDS] [--suite NAME...]
       --host HOST --port PORT [--limit SECONDS] --measure CALLS [--warmup CALLS] [--method NAME] [--payload BYTES]
       --host HOST --port PORT [--limit SECONDS] --vanish METHOD
       --host HOST --port PORT [--limit SECONDS] --slow-reader|--slow-socket|--fast-writer METHOD [--seconds N] [--mebibytes N]";

pub struct Options {
    pub host: String,
    pub port: u16,
    /// For each check and each measured call: a hang is a failure.
    pub limit: Duration,
    pub task: Task,
}

pub enum Task {
    /// Names of suites or of single checks.
    Check(Vec<String>),
    Measure(Plan),
    /// The method that makes the server call back.
    Vanish(String),
    Flow(FlowPlan),
}

pub struct Plan {
    pub calls: usize,
    pub warmup: usize,
    pub method: String,
    pub payload_bytes: usize,
}

/// Who holds up whom.
pub enum Flow {
    SlowReader,
    SlowSocket,
    FastWriter,
}

pub struct FlowPlan {
    pub flow: Flow,
    pub method: String,
    pub seconds: u64,
    /// What is written at most.
    pub mebibytes: u64,
}

impl Options {
    pub fn parse(words: impl Iterator<Item = String>) -> Result<Self, String> {
        let mut words = words.peekable();
        let (mut host, mut port) = (None, None);
        let mut names = Vec::new();
        let mut vanish = None;
        let mut flow = None;
        let (mut seconds, mut mebibytes) = (20, 10 * 1024);
        let mut limit = Duration::from_secs(30);
        let mut plan = Plan { calls: 0, warmup: 0, method: "echo".into(), payload_bytes: 64 };
        while let Some(option) = words.next() {
            let value = words.next().ok_or_else(|| format!("{option} needs a value"))?;
            match option.as_str() {
                "--host" => host = Some(value),
                "--port" => port = Some(number(&option, &value)?),
                "--suite" => {
                    names.push(value);
                    while let Some(name) = words.next_if(|word| !word.starts_with("--")) {
                        names.push(name);
                    }
                }
                "--limit" => limit = Duration::from_secs(number(&option, &value)?),
                "--vanish" => vanish = Some(value),
                "--slow-reader" => flow = Some((Flow::SlowReader, value)),
                "--slow-socket" => flow = Some((Flow::SlowSocket, value)),
                "--fast-writer" => flow = Some((Flow::FastWriter, value)),
                "--seconds" => seconds = number(&option, &value)?,
                "--mebibytes" => mebibytes = number(&option, &value)?,
                "--measure" => plan.calls = number(&option, &value)?,
                "--warmup" => plan.warmup = number(&option, &value)?,
                "--method" => plan.method = value,
                "--payload" => plan.payload_bytes = number(&option, &value)?,
                _ => return Err(format!("unknown option {option}")),
            }
        }
        let task = if let Some(method) = vanish {
            Task::Vanish(method)
        } else if let Some((flow, method)) = flow {
            Task::Flow(FlowPlan { flow, method, seconds, mebibytes })
        } else if plan.calls > 0 {
            Task::Measure(plan)
        } else {
            if names.is_empty() {
                names.push("basic".into());
            }
            Task::Check(names)
        };
        Ok(Self { host: host.ok_or("--host is missing")?, port: port.ok_or("--port is missing")?, limit, task })
    }
}

fn number<N: FromStr>(option: &str, value: &str) -> Result<N, String> {
    value.parse().map_err(|_| format!("{option} {value}: not a number in its range"))
}
