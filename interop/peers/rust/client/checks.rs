//! Named checks, the suites they form, and the runner.
//! A new suite is a module with a function `checks`, and a line in `suites`.

use crate::{basic, bidi, calls, edge, flood, stream, stream_caller};
use muxio_tokio_rpc_client::RpcClient;
use std::{pin::Pin, sync::Arc, time::Duration};

/// Nothing, or why the check failed.
pub type Outcome = Result<(), String>;

type Running = Pin<Box<dyn Future<Output = Outcome> + Send>>;

pub struct Check {
    name: String,
    run: Box<dyn FnOnce(Arc<RpcClient>) -> Running + Send>,
}

impl Check {
    pub fn new<F, R>(name: impl Into<String>, run: F) -> Self
    where
        F: FnOnce(Arc<RpcClient>) -> R + Send + 'static,
        R: Future<Output = Outcome> + Send + 'static,
    {
        Self { name: name.into(), run: Box::new(|client| Box::pin(run(client))) }
    }
}

fn suites() -> [(&'static str, Vec<Check>); 6] {
    [
        ("basic", basic::checks()),
        ("edge", edge::checks()),
        ("bidi", bidi::checks()),
        ("flood", flood::checks()),
        ("stream", stream::checks()),
        ("stream-caller", stream_caller::checks()),
    ]
}

/// The checks that the names stand for, in the order of the suites.
pub fn select(names: &[String]) -> Result<Vec<Check>, String> {
    let mut chosen = Vec::new();
    let mut unknown: Vec<&String> = names.iter().collect();
    for (suite, checks) in suites() {
        for check in checks {
            if names.iter().any(|name| name == suite || *name == check.name) {
                unknown.retain(|name| *name != suite && **name != check.name);
                chosen.push(check);
            }
        }
    }
    if unknown.is_empty() { Ok(chosen) } else { Err(format!("no suite and no check is called {unknown:?}")) }
}

/// Prints a line for each check and says whether all went well. The checks share one connection, so that what one leaves
/// behind can harm the next; after a failure the next starts on a new one.
pub async fn run_all(host: &str, port: u16, checks: Vec<Check>, limit: Duration) -> bool {
    let mut connection = None;
    let mut good = true;
    for check in checks {
        let name = check.name.clone();
        match run(check, connection.take(), host.to_string(), port, limit).await {
            Ok(client) => {
                println!("ok {name}");
                connection = Some(client);
            }
            Err(why) => {
                println!("FAIL {name} {why}");
                good = false;
            }
        }
    }
    good
}

/// Runs the check as a task of its own, so that a panic inside a published crate is a failure as well.
async fn run(
    check: Check,
    connection: Option<Arc<RpcClient>>,
    host: String,
    port: u16,
    limit: Duration,
) -> Result<Arc<RpcClient>, String> {
    let task = tokio::spawn(async move {
        let client = match connection {
            Some(client) => client,
            None => calls::connect(&host, port).await?,
        };
        (check.run)(client.clone()).await?;
        Ok(client)
    });
    let abort = task.abort_handle();
    match tokio::time::timeout(limit, task).await {
        Ok(Ok(outcome)) => outcome,
        Ok(Err(panic)) => Err(panic.to_string()),
        Err(_) => {
            abort.abort();
            Err(format!("not done after {} s", limit.as_secs()))
        }
    }
}
