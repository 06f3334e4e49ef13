//! A published muxio client that checks or measures a server, or leaves it alone with a call. Compiled once per generation.

mod basic;
mod bidi;
mod calls;
mod checks;
mod edge;
mod flood;
mod flow;
mod measure;
mod options;
mod stream;
mod stream_caller;
mod streaming;
mod vanish;

use options::{Options, Task};
use std::process::exit;
use tokio::time::timeout;

const USAGE_ERROR: i32 = 2;

#[tokio::main]
async fn main() {
    let Options { host, port, limit, task } = Options::parse(std::env::args().skip(1)).unwrap_or_else(|why| {
        eprintln!("{}: {why}\n{}", env!("CARGO_PKG_NAME"), options::USAGE);
        exit(USAGE_ERROR);
    });
    let good = match task {
        Task::Check(names) => match checks::select(&names) {
            Ok(chosen) => checks::run_all(&host, port, chosen, limit).await,
            Err(why) => {
                eprintln!("{}: {why}", env!("CARGO_PKG_NAME"));
                exit(USAGE_ERROR);
            }
        },
        Task::Measure(plan) => printed("measure", measure::run(&host, port, limit, &plan).await),
        Task::Flow(plan) => printed("flow", flow::run(&host, port, limit, &plan).await),
        Task::Vanish(method) => {
            let why = match timeout(limit, vanish::run(&host, port, &method)).await {
                Ok(why) => why,
                Err(_) => format!("not called back after {} s", limit.as_secs()),
            };
            println!("FAIL vanish {why}");
            false
        }
    };
    // Leaves at once, also when a published client still has a task that hangs.
    exit(if good { 0 } else { 1 });
}

/// Prints what came of it, and says whether that was good.
fn printed(task: &str, result: Result<String, String>) -> bool {
    match &result {
        Ok(line) => println!("{line}"),
        Err(why) => println!("FAIL {task} {why}"),
    }
    result.is_ok()
}
