//! The published data store client: runs a script of operations against a server, or loads it from many tasks at once.

mod load;
mod notation;
mod options;
mod script;

use options::{Options, Task};
use simd_r_drive_ws_client::WsClient;
use std::{process::exit, time::Duration};

const USAGE_ERROR: i32 = 2;

/// A server, and how long to wait for one answer of it: a hang is a failure.
pub struct Server {
    pub host: String,
    pub port: u16,
    pub limit: Duration,
}

impl Server {
    pub async fn connect(&self) -> Result<WsClient, String> {
        let connecting = WsClient::new(&self.host, self.port);
        in_time(self.limit, connecting).await?.map_err(|failure| format!("cannot connect: {failure}"))
    }
}

pub async fn in_time<T>(limit: Duration, work: impl Future<Output = T>) -> Result<T, String> {
    tokio::time::timeout(limit, work).await.map_err(|_| format!("not done after {} s", limit.as_secs()))
}

#[tokio::main]
async fn main() {
    let Options { server, task } = Options::parse(std::env::args().skip(1)).unwrap_or_else(|why| {
        eprintln!("data-store: {why}\n{}", options::USAGE);
        exit(USAGE_ERROR);
    });
    let outcome = match task {
        Task::Script => script::run(&server, std::io::stdin().lines()).await,
        Task::Load(plan) => load::run(&server, plan).await,
    };
    // Leaves at once, also when the published client still has a task that hangs.
    exit(match outcome {
        Ok(()) => 0,
        Err(why) => {
            println!("FAIL {why}");
            1
        }
    });
}
