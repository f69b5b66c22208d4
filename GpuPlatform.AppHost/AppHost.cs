Console.WriteLine("The orchestrator is not built yet.");
