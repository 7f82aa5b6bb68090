using TuningCluster.Coordinator.Studies;
using TuningCluster.Shared.SearchSpaces;
using TuningCluster.Shared.Studies;

namespace TuningCluster.TestKit.Simulation;

/// <summary>Carries out the planned steps one after the other, and starts a lost coordinator with the command as it now stands.</summary>
internal sealed class SimulatedUser(Scene scene, SimulatedCoordinator coordinator)
{
    private const int MostTries = 5;

    private static readonly TimeSpan TryEvery = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(200);

    private readonly Queue<UserStep> _steps = new(scene.Plan.User);
    private BudgetSpec? _budget;
    private SearchSpace? _space;
    private bool _waits;
    private bool _wantsPause;

    /// <summary>Nothing more will be asked, unless the study ends first.</summary>
    public bool IsDone => _steps.Count == 0 && !_waits;

    public void Begin() => WaitForMoment();

    /// <summary>What running the same command again asks of the study.</summary>
    public IEnumerable<StudyCommand> Command(StudyState? recovered)
    {
        if (recovered is null)
        {
            yield return new CreateStudy(SimulatedCoordinator.StudyId, scene.Plan.Spec);
        }

        if (_budget is { } budget)
        {
            yield return Extend(budget);
        }

        if (recovered?.Phase == StudyPhase.Paused && !_wantsPause)
        {
            yield return new ResumeStudy();
        }
    }

    private void WaitForMoment()
    {
        if (_steps.Count == 0)
        {
            return;
        }

        var step = _steps.Peek();
        if (step.Moment == UserMoment.Later || (coordinator.State is { } state && HasCome(step.Moment, state)))
        {
            _steps.Dequeue();
            _waits = true;
            scene.Time.After(step.Delay, () => Do(step, MostTries));
        }
        else
        {
            scene.Time.After(LookEvery, WaitForMoment);
        }
    }

    /// <summary>A moment that was missed comes at the end at the latest.</summary>
    private bool HasCome(UserMoment moment, StudyState state) =>
        state.Phase == StudyPhase.Finished || (moment == UserMoment.WhileFinishing && coordinator.IsFinishing);

    private void Do(UserStep step, int tries)
    {
        if (coordinator.State is not { } state)
        {
            scene.Time.After(TryEvery, () => Do(step, tries));
            return;
        }

        _wantsPause = step.Deed == UserDeed.Pause;
        if (tries == MostTries && step.Deed is UserDeed.Extend or UserDeed.Shorten or UserDeed.Widen)
        {
            _budget = Budget(step, state);
            _space = step.Deed == UserDeed.Widen ? StudyDraw.Wider(_space ?? state.Spec.Space, step.Amount) : _space;
        }

        if (tries == 0 || (tries < MostTries && HasEffect(step.Deed, state)))
        {
            _waits = false;
            WaitForMoment();
            return;
        }

        coordinator.Ask(step.Deed switch
        {
            UserDeed.Pause => new PauseStudy("the user asked"),
            UserDeed.Resume => new ResumeStudy(),
            UserDeed.Stop => new StopStudy(),
            UserDeed.RetryFailed => new RetryFailed(),
            _ => Extend(_budget!),
        });
        scene.Time.After(TryEvery, () => Do(step, tries - 1));
    }

    private bool HasEffect(UserDeed deed, StudyState state) => deed switch
    {
        UserDeed.Pause => state.Phase != StudyPhase.Running,
        UserDeed.Resume => state.Phase != StudyPhase.Paused,
        UserDeed.Stop => state.Phase == StudyPhase.Finished,
        UserDeed.RetryFailed => !Reopening.Retries(state).Any(),
        _ => state.Spec.Budget == _budget && (_space is null || state.Spec.Space.Equals(_space)),
    };

    private static BudgetSpec Budget(UserStep step, StudyState state)
    {
        var budget = state.Spec.Budget;
        if (step.Deed == UserDeed.Shorten)
        {
            return budget with { Trials = Math.Max(1, (budget.Trials ?? state.Trials.Count) - step.Amount) };
        }

        var everything = state.Spec.Strategy.Name == "grid" && step.Amount % 2 == 0;
        return new BudgetSpec(everything ? null : state.Counts.AgainstBudget + step.Amount, null, null, null, null);
    }

    private ExtendStudy Extend(BudgetSpec budget) => new(budget, scene.Plan.Spec.Limits, scene.Plan.Spec.Parallel, scene.Plan.Spec.Retry)
    {
        Wider = _space is null ? null : scene.Plan.Spec with { Space = _space },
    };
}
