//! A line for each operation, and a line for what came of it.

use crate::{Server, in_time, notation};
use simd_r_drive_ws_client::{AsyncDataStoreReader, AsyncDataStoreWriter, WsClient};
use std::io;

pub async fn run(server: &Server, lines: impl Iterator<Item = io::Result<String>>) -> Result<(), String> {
    let store = server.connect().await?;
    for line in lines {
        let line = line.map_err(|failure| format!("cannot read the script: {failure}"))?;
        let mut words = line.split_whitespace();
        let name = words.next().unwrap_or_default();
        let arguments = words.map(notation::bytes).collect::<Result<Vec<_>, _>>()?;
        let arguments: Vec<&[u8]> = arguments.iter().map(Vec::as_slice).collect();
        let outcome = in_time(server.limit, perform(&store, name, &arguments)).await.and_then(|done| done);
        match outcome.map_err(|why| format!("{name} {why}"))? {
            Ok(result) => println!("{result}"),
            Err(failure) => println!("error {failure}"),
        }
    }
    Ok(())
}

/// What the client made of it, or why the line is no operation.
async fn perform(store: &WsClient, name: &str, arguments: &[&[u8]]) -> Result<io::Result<String>, String> {
    Ok(match (name, arguments) {
        ("write", [key, value]) => store.write(key, value).await.map(tail),
        ("batch-write", words) if words.len().is_multiple_of(2) => {
            let entries: Vec<_> = words.chunks_exact(2).map(|entry| (entry[0], entry[1])).collect();
            store.batch_write(&entries).await.map(tail)
        }
        ("delete", [key]) => store.delete(key).await.map(tail),
        ("read", [key]) => store.read(key).await.map(|value| notation::value_or_none(&value)),
        ("batch-read", keys) => store.batch_read(keys).await.map(|values| listed(&values)),
        ("exists", [key]) => store.exists(key).await.map(|exists| exists.to_string()),
        ("len", []) => store.len().await.map(|entries| format!("len {entries}")),
        ("is-empty", []) => store.is_empty().await.map(|empty| empty.to_string()),
        ("file-size", []) => store.file_size().await.map(|bytes| format!("file-size {bytes}")),
        _ => return Err(format!("with {} arguments is no operation", arguments.len())),
    })
}

fn tail(offset: u64) -> String {
    format!("tail {offset}")
}

fn listed(values: &[Option<Vec<u8>>]) -> String {
    let values: Vec<_> = values.iter().map(notation::value_or_none).collect();
    format!("[{}]", values.join(" "))
}
